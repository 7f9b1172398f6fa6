import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createPasswordHasher } from '@gatehouse/accounts';
import { createSealer } from '@gatehouse/encryption';
import { createMailbox, createPostman, type Mailbox } from '@gatehouse/mail';
import { connect } from '@gatehouse/prisma';
import { createTestDatabase, type TestDatabase } from '@gatehouse/test-kit';
import { createLog } from '@gatehouse/web';
import type { Express } from 'express';
import type { Configuration } from 'oidc-provider';
import type { Pool } from 'pg';
import { createApp } from '../src/app.ts';
import { type Customisation, customisation } from '../src/customisation.ts';
import {
  type ClientRegistry,
  configure,
  createClientRegistry,
  createProvider,
  deliverLogouts,
  listen,
  loadSigningKeys,
  type Provider,
} from '../src/protocol/index.ts';

export interface RunningProvider {
  issuer: string;
  db: TestDatabase;
  /** Connected as the provider's own login. */
  pool: Pool;
  provider: Provider;
  app: Express;
  clients: ClientRegistry;
  /** Where its mail lands. */
  mailbox: Mailbox;
  stop(): Promise<void>;
}

export interface StartOptions {
  db?: TestDatabase;
  /** The public address, where it is not the one listened on: behind a proxy, or of another instance. */
  issuer?: string;
  trustProxy?: string[];
  /** How it reaches the database, where it is not the direct way. */
  databaseUrl?: string;
  /** Default: practically no limit. */
  requestsPerMinute?: number;
  /** Delivers logouts to apps elsewhere. Default true. */
  deliver?: boolean;
  /** Sign its cookies; the newest first. */
  cookieKeys?: string[];
  customisation?: Partial<Customisation>;
  /** Seal what it stores, the first of them; the others only open. Default is the database's. */
  encryptionKeys?: [string, ...string[]];
  /** Changes what the library is told: what a guard is worth shows when it is taken away. */
  configure?: (ours: Configuration) => Configuration;
}

const defaultCookieKeys = [Buffer.alloc(32, 'cookie-key').toString('base64url')];
const log = createLog({ name: 'identity-provider', level: process.env.LOG_LEVEL ?? 'silent' });

/** The identity provider on a free port, composed as in `server.ts`, on a database of its own or on a given one. */
export async function startProvider(options: StartOptions = {}): Promise<RunningProvider> {
  const db = options.db ?? (await createTestDatabase());
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const origin = `http://localhost:${(server.address() as AddressInfo).port}`;
  const issuer = options.issuer ?? origin;

  const { pool, close } = connect(options.databaseUrl ?? db.urlFor('identity-provider'), {
    applicationName: 'identity-provider',
  });
  const [encryptionKey, ...others] = options.encryptionKeys ?? [db.encryptionKey];
  const sealer = createSealer(encryptionKey, others);
  const notifications = listen(pool, ['client_changed', 'logout_due'], log);
  const clients = createClientRegistry(pool, sealer, notifications);
  const signingKeys = await loadSigningKeys(pool, sealer);
  const { cookieKeys = defaultCookieKeys } = options;
  const { idTokenHooks, ...ofApp } = { ...customisation, ...options.customisation };
  const deps = { issuer, pool, clients, cookieKeys, signingKeys, idTokenHooks, log };
  const provider = createProvider(deps, options.configure?.(configure(deps)));
  const deliveries = options.deliver === false ? undefined : deliverLogouts({ provider, pool, notifications, log });
  const config = {
    baseUrl: issuer,
    organisationName: 'Harbour Council',
    organisationTimeZone: 'Europe/London',
    developmentBar: undefined,
    securityContact: 'mailto:security@id.example',
    trustProxy: options.trustProxy ?? [],
    requestsPerMinute: options.requestsPerMinute ?? 1_000_000,
    secrets: { encryptionKey },
  };
  const folder = mkdtempSync(join(tmpdir(), 'mailbox-'));
  const mailbox = createMailbox({ folder, from: 'Gatehouse <no-reply@id.example>' });
  const post = createPostman({ mailer: mailbox, onFailure: (err) => log.error({ err }) });
  const hasher = createPasswordHasher();
  const app = createApp({ config, pool, provider, clients, sealer, hasher, post, mailbox, ...ofApp, log });
  server.on('request', app);

  return {
    issuer: origin,
    db,
    pool,
    provider,
    app,
    clients,
    mailbox,
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await deliveries?.stop();
      await post.stop();
      rmSync(folder, { recursive: true });
      await notifications.close();
      await close();
      if (!options.db) await db.close();
    },
  };
}
