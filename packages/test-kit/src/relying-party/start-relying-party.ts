import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { AppManifest } from '@gatehouse/directory/manifest';
import { randomToken } from '@gatehouse/encryption';
import { connect } from '@gatehouse/prisma';
import { createLog, type Logger } from '@gatehouse/web';
import type { Express } from 'express';
import type { Pool } from 'pg';
import { createTestDatabase, type TestDatabase } from '../database.ts';
import { createTestProvider, type TestProvider } from '../provider/index.ts';
import { endSignIns, writeSignIn } from './sign-ins.ts';

/** What an app needs to be made by its own `createApp`. */
export interface AppSurroundings {
  /** For the app's `loadConfig`. */
  env: Record<string, string>;
  /** Connected with the app's own database login. */
  pool: Pool;
  log: Logger;
}

export interface RelyingParty {
  manifest: AppManifest;
  /** Roles that demo people, by login name, have in the tests beside those that the access rules give them. */
  roles?: Readonly<Record<string, readonly string[]>>;
  /** Makes the app as its `server.ts` would. */
  createApp(surroundings: AppSurroundings): Express | Promise<Express>;
}

export interface RunningRelyingParty {
  url: string;
  app: Express;
  clientId: string;
  cookieName: string;
  db: TestDatabase;
  provider: TestProvider;
  /** The same app, configured otherwise. */
  createApp(env: Record<string, string>): Express | Promise<Express>;
  close(): Promise<void>;
}

/**
 * Runs the app at a free port against a database of its own and an OpenID Provider that signs in whom it is told.
 * Finance may call its API there, if it has one, with every scope: see `signInAtCaller`.
 */
export async function startRelyingParty({
  manifest,
  roles = {},
  createApp,
}: RelyingParty): Promise<RunningRelyingParty> {
  const { clientId } = manifest;
  const db = await createTestDatabase();
  for (const [login, granted] of Object.entries(roles)) {
    await db.owner.query(
      `INSERT INTO directory.personal_grant (person_id, client_id, role, reason, starts_on)
       SELECT $1, $2, role, 'the tests of this app', directory.today() FROM unnest($3::text[]) role`,
      [await db.personId(login), clientId, granted],
    );
  }
  const database = connect(db.urlFor(clientId), { applicationName: clientId, max: 4 });
  const provider = await createTestProvider({
    hooks: {
      onSignIn: (signIn) => writeSignIn(db.owner, signIn),
      onSignOut: (signIns) => endSignIns(db.owner, signIns),
    },
  });
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
  const url = `http://localhost:${(server.address() as AddressInfo).port}`;
  const clientSecret = randomToken();
  provider.register({ clientId, clientSecret, baseUrl: url });
  await db.owner.query(
    `INSERT INTO directory.api_permission (audience, scope, client_id)
     SELECT $1, scope, 'finance' FROM unnest($2::text[]) scope`,
    [`${url}/api`, Object.keys(manifest.api?.scopes ?? {})],
  );
  const surroundings = {
    pool: database.pool,
    log: createLog({ name: clientId, level: 'silent' }),
    env: {
      NODE_ENV: 'test',
      ORGANISATION_NAME: 'Harbour Council',
      ORGANISATION_TIME_ZONE: 'Europe/London',
      PORT: '0',
      BASE_URL: url,
      DATABASE_URL: db.urlFor(clientId),
      ISSUER: provider.issuer,
      CLIENT_SECRET: clientSecret,
      SESSION_KEY: randomToken(),
      LOG_LEVEL: 'silent',
    },
  };
  const app = await createApp(surroundings);
  server.on('request', app);
  return {
    url,
    app,
    clientId,
    cookieName: `gatehouse.${clientId}`,
    db,
    provider,
    createApp: (env) => createApp({ ...surroundings, env: { ...surroundings.env, ...env } }),
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await provider.close();
      await database.close();
      await db.close();
    },
  };
}
