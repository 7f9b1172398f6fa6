import { randomUUID } from 'node:crypto';
import { secretContext } from '@gatehouse/clients';
import { defineApp } from '@gatehouse/directory/manifest';
import { createSealer } from '@gatehouse/encryption';
import { createTestDatabase, type TestDatabase } from '@gatehouse/test-kit';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ProvisionedApp, provision } from './index.ts';

const manifest = defineApp({
  clientId: 'parks',
  title: 'Parks',
  description: 'Benches and trees',
  portOffset: 20,
  roles: { warden: { title: 'Warden', description: 'Looks after a park' } },
  accessRules: [{ role: 'warden', designation: 'caseworker' }],
  api: { scopes: { 'bench:read': 'Read where benches stand' }, clients: { finance: ['bench:read'] } },
});

let db: TestDatabase;
// Of its own, so that the roles of the other tests' databases stay as they are.
const rolePrefix = `provision_${randomUUID().slice(0, 8)}`;
const parks: ProvisionedApp = {
  manifest,
  url: 'https://parks.test',
  databasePassword: 'parks-password',
  clientSecret: 's'.repeat(43),
};
const run = (app = parks, ownerUrl = db.ownerUrl) =>
  provision({ ownerUrl, rolePrefix, providerPassword: 'p', encryptionKey: db.encryptionKey, apps: [app] });

const count = async (sql: string): Promise<number> =>
  (await db.owner.query(`SELECT count(*)::int AS n FROM ${sql}`)).rows[0].n;

beforeAll(async () => {
  db = await createTestDatabase();
});

afterAll(async () => {
  await db.owner.query(`DO $$ DECLARE r text; BEGIN
    FOR r IN SELECT rolname FROM pg_roles WHERE starts_with(rolname, '${rolePrefix}') LOOP
      EXECUTE format('DROP OWNED BY %I', r); EXECUTE format('DROP ROLE %I', r);
    END LOOP; END $$`);
  await db.close();
});

describe('provisioning', () => {
  it('gives an app a login of its own, its roles, its rules, its client and what it lets others ask for', async () => {
    await run();
    const url = new URL(db.ownerUrl);
    url.username = `${rolePrefix}_parks`;
    url.password = 'parks-password';
    const app = new pg.Client({ connectionString: url.href });
    await app.connect();
    expect((await app.query('SELECT app_sessions.current_client() AS client')).rows).toEqual([{ client: 'parks' }]);
    await app.end();
    expect(await count("directory.app_role WHERE client_id = 'parks'")).toBe(1);
    expect(
      await count("directory.api_permission WHERE audience = 'https://parks.test/api' AND client_id = 'finance'"),
    ).toBe(1);
    const { rows } = await db.owner.query(
      "SELECT secret, metadata FROM protocol.client_registration WHERE client_id = 'parks'",
    );
    expect(createSealer(db.encryptionKey).open(rows[0].secret, secretContext('parks')).toString()).toBe(
      parks.clientSecret,
    );
    expect(rows[0].metadata.redirect_uris).toEqual(['https://parks.test/auth/callback']);
  });

  it('C5 changes nothing when run again, several times at once', async () => {
    const rules = await count('directory.access_rule');
    const ours = `pg_roles WHERE starts_with(rolname, '${rolePrefix}')`;
    const roles = await count(ours);
    await Promise.all(Array.from({ length: 4 }, () => run()));
    expect(await count('directory.access_rule')).toBe(rules);
    expect(await count(ours)).toBe(roles);
  });

  it('S102 leaves no login temporary tables', async () => {
    const { rows } = await db.owner.query(
      "SELECT has_database_privilege($1, current_database(), 'TEMP') AS temp, has_database_privilege($1, current_database(), 'CONNECT') AS connect",
      [`${rolePrefix}_parks`],
    );
    expect(rows).toEqual([{ temp: false, connect: true }]);
  });

  /** Somebody whose transaction has read the table and stays open. */
  async function readerOf(table: string): Promise<pg.PoolClient> {
    const reader = await db.owner.connect();
    await reader.query(`BEGIN; LOCK TABLE ${table} IN ACCESS SHARE MODE`);
    return reader;
  }
  const leave = async (reader: pg.PoolClient) => {
    await reader.query('ROLLBACK');
    reader.release();
  };
  const policies = "pg_policies WHERE schemaname = 'app_sessions' AND tablename = 'session' AND policyname = 'own'";

  it('S102 locks no table of which the rights are right already', async () => {
    const reader = await readerOf('app_sessions.session, app_sessions.sign_in, audit.event');
    await run();
    await leave(reader);
  });

  it('S102 puts right a policy that somebody has altered', async () => {
    const own =
      "SELECT qual, with_check, roles::text FROM pg_policies WHERE tablename = 'session' AND policyname = 'own'";
    const { rows: before } = await db.owner.query(own);
    await db.owner.query('ALTER POLICY own ON app_sessions.session USING (true)');
    await run();
    expect((await db.owner.query(own)).rows).toEqual(before);
    await db.owner.query('ALTER POLICY own ON app_sessions.session TO PUBLIC');
    await run();
    expect((await db.owner.query(own)).rows).toEqual(before);
  });

  it('S102 waits in turns for who reads a table whose rights have to change, so that others read meanwhile', async () => {
    await db.owner.query('DROP POLICY own ON app_sessions.session');
    const reader = await readerOf('app_sessions.session');
    const running = run();
    const waiting = () => count("pg_locks WHERE NOT granted AND relation = 'app_sessions.session'::regclass");
    await expect.poll(waiting, { interval: 20 }).toBe(1);
    await expect.poll(waiting, { interval: 20, timeout: 5000 }).toBe(0);
    expect(await count(policies)).toBe(0);
    await count('app_sessions.session');
    await leave(reader);
    await running;
    expect(await count(policies)).toBe(1);
  });

  it('S102 gives up where somebody never leaves, and has changed nothing', async () => {
    await db.owner.query('DROP POLICY own ON app_sessions.session');
    const reader = await readerOf('app_sessions.session');
    await expect(run()).rejects.toMatchObject({ code: 'rights_locked' });
    expect(await count(policies)).toBe(0);
    await leave(reader);
    await run();
    expect(await count(policies)).toBe(1);
  }, 30_000);

  it('C5 takes over a changed address and secret, and leaves rules changed by an administrator alone', async () => {
    await db.owner.query("DELETE FROM directory.access_rule WHERE client_id = 'parks'");
    await run({ ...parks, url: 'https://parks.example', clientSecret: 't'.repeat(43) });
    expect(await count("directory.access_rule WHERE client_id = 'parks'")).toBe(0);
    expect(await count("directory.app WHERE client_id = 'parks' AND url = 'https://parks.example'")).toBe(1);
  });

  it('S102 says which SQL somebody has to run where the owner may not create roles, or bound them', async () => {
    const limited = `${rolePrefix}_owner`;
    const database = new URL(db.ownerUrl).pathname.slice(1);
    await db.owner.query(
      `CREATE ROLE ${limited} LOGIN PASSWORD 'limited'; GRANT CONNECT ON DATABASE ${database} TO ${limited}`,
    );
    const url = new URL(db.ownerUrl);
    url.username = limited;
    url.password = 'limited';
    const newcomer = { ...parks, manifest: defineApp({ ...parksInput, clientId: 'libraries' }) };
    await expect(run(newcomer, url.href)).rejects.toMatchObject({
      code: 'owner_lacks_createrole',
      message: expect.stringContaining(`CREATE ROLE "${rolePrefix}_libraries" LOGIN CONNECTION LIMIT 40 PASSWORD`),
    });
    await run(newcomer);
    expect(await count("app_sessions.login WHERE client_id = 'libraries'")).toBe(1);

    await db.owner.query(`ALTER ROLE "${rolePrefix}_libraries" CONNECTION LIMIT -1`);
    await expect(run(newcomer, url.href)).rejects.toMatchObject({
      message: expect.stringContaining(`ALTER ROLE "${rolePrefix}_libraries" CONNECTION LIMIT 40;`),
    });
    await run(newcomer);
    await db.owner.query(`ALTER ROLE "${rolePrefix}_libraries" RESET lock_timeout`);
    await expect(run(newcomer, url.href)).rejects.toMatchObject({
      message: expect.stringContaining(`ALTER ROLE "${rolePrefix}_libraries" SET lock_timeout = '5s';`),
    });
  });
});

const parksInput = {
  title: 'Libraries',
  description: 'Books',
  portOffset: 21,
  roles: { reader: { title: 'Reader', description: 'Reads' } },
};

describe('a manifest', () => {
  it('is refused when it names a role that it does not declare, or both a designation and a department', () => {
    const rule = (accessRules: object[]) => () =>
      defineApp({ ...parksInput, clientId: 'x', accessRules: accessRules as [] });
    expect(rule([{ role: 'reader', department: 'council' }])).not.toThrow();
    expect(rule([{ role: 'writer', department: 'council' }])).toThrow(/unknown role writer/);
    expect(rule([{ role: 'reader', department: 'council', designation: 'director' }])).toThrow(/either/);
  });
});
