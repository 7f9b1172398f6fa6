import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTestDatabase, type TestDatabase } from '@gatehouse/test-kit';
import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type LocatedApp, loadManifests } from '../manifests.ts';
import { loadConfig, variablePrefix } from './config.ts';
import { deploy } from './deploy.ts';

const root = join(import.meta.dirname, '..', '..', '..', '..');

let db: TestDatabase;
/** The database's, with which its logins begin. */
let name: string;
let apps: LocatedApp[];
let secrets: string;
let env: Record<string, string>;

const makeSecrets = () =>
  execFileSync(process.execPath, [join(import.meta.dirname, 'make-secrets.ts'), secrets], { encoding: 'utf8' });

/** The made secret for the database as it is called here. */
const localUrl = (secret: string): string => {
  const made = new URL(readFileSync(join(secrets, secret), 'utf8'));
  const url = new URL(db.ownerUrl);
  url.username = made.username.replace(/^gatehouse_/, `${name}_`);
  url.password = made.password;
  return url.href;
};

beforeAll(async () => {
  db = await createTestDatabase();
  name = new URL(db.ownerUrl).pathname.slice(1);
  await db.owner.query(
    'TRUNCATE directory.organisation, directory.department, directory.person, directory.app CASCADE',
  );
  await db.owner.query('TRUNCATE protocol.client_registration');
  apps = await loadManifests(root);
  secrets = mkdtempSync(join(tmpdir(), 'secrets-'));
  makeSecrets();
  env = {
    ORGANISATION_NAME: 'Port Council',
    ORGANISATION_TIME_ZONE: 'Europe/Lisbon',
    OWNER_DATABASE_URL: db.ownerUrl,
    ENCRYPTION_KEY_FILE: join(secrets, 'encryption_key'),
    IDENTITY_PROVIDER_DATABASE_URL: localUrl('identity-provider_database_url'),
  };
  for (const { manifest } of apps) {
    const prefix = variablePrefix(manifest.clientId);
    env[`${prefix}URL`] = `https://${manifest.clientId}.example.org`;
    env[`${prefix}DATABASE_URL`] = localUrl(`${manifest.clientId}_database_url`);
    env[`${prefix}CLIENT_SECRET_FILE`] = join(secrets, `${manifest.clientId}_client_secret`);
  }
});

afterAll(async () => {
  rmSync(secrets, { recursive: true });
  await db.owner.query(`DO $$ DECLARE r text; BEGIN
    FOR r IN SELECT rolname FROM pg_roles WHERE starts_with(rolname, '${name}') LOOP
      EXECUTE format('DROP OWNED BY %I', r); EXECUTE format('DROP ROLE %I', r);
    END LOOP; END $$`);
  await db.close();
});

const manifests = () => apps.map(({ manifest }) => manifest);
const run = async () => {
  const unknown: string[] = [];
  await deploy(
    loadConfig(env, manifests()),
    apps,
    root,
    ({ code }) => unknown.push(code),
    () => {},
  );
  return unknown;
};

it('S45 makes an empty database ready for every app and creates no people; run again, it changes nothing', async () => {
  expect(await run()).toContain('identity-administrator');
  expect(await run()).toEqual([]);
  const count = async (table: string) => (await db.owner.query(`SELECT count(*)::int AS n FROM ${table}`)).rows[0].n;
  expect(await count('directory.person')).toBe(0);
  expect(await count('directory.department')).toBe(1);
  expect(await count('directory.app')).toBe(apps.length);
  expect(await count('protocol.client_registration')).toBe(apps.length);
  expect((await db.owner.query('SELECT name, time_zone FROM directory.organisation')).rows).toEqual([
    { name: 'Port Council', time_zone: 'Europe/Lisbon' },
  ]);
});

it('lets each app in with the login of its own DATABASE_URL', async () => {
  for (const { manifest } of apps) {
    const app = new pg.Client({ connectionString: env[`${variablePrefix(manifest.clientId)}DATABASE_URL`] });
    await app.connect();
    const { rows } = await app.query('SELECT app_sessions.current_client() AS client');
    expect(rows).toEqual([{ client: manifest.clientId }]);
    await app.end();
  }
});

it("refuses a DATABASE_URL with another app's login", async () => {
  const mixedUp = { ...env, CONSOLE_DATABASE_URL: env.IDENTITY_PROVIDER_DATABASE_URL ?? '' };
  await expect(
    deploy(
      loadConfig(mixedUp, manifests()),
      apps,
      root,
      () => {},
      () => {},
    ),
  ).rejects.toThrow(`the login ${name}_console`);
});

it('S91 names every variable that is missing, of every app, and has no default for a secret', () => {
  expect(() => loadConfig({}, manifests())).toThrow(/ENCRYPTION_KEY: is missing[^]*CONSOLE_CLIENT_SECRET: is missing/);
  expect(() => loadConfig({ ...env, CONSOLE_URL: 'http://console.example.org' }, manifests())).toThrow(
    /CONSOLE_URL: must be https/,
  );
  expect(loadConfig(env, manifests()).apps).toHaveLength(apps.length);
});

it('S91 makes each secret once, in a folder that only its owner may enter', () => {
  const read = () => readdirSync(secrets).map((file) => readFileSync(join(secrets, file), 'utf8'));
  const before = read();
  makeSecrets();
  expect(read()).toEqual(before);
  expect(new Set(before).size).toBe(before.length);
  expect(statSync(secrets).mode & 0o777).toBe(0o700);
});
