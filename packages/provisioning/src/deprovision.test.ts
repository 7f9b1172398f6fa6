import { randomUUID } from 'node:crypto';
import { defineApp } from '@gatehouse/directory/manifest';
import { createTestDatabase, type TestDatabase } from '@gatehouse/test-kit';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { deprovision, provision } from './index.ts';

let db: TestDatabase;
const rolePrefix = `deprovision_${randomUUID().slice(0, 8)}`;
const manifest = defineApp({
  clientId: 'parks',
  title: 'Parks',
  description: 'Benches and trees',
  portOffset: 20,
  roles: { warden: { title: 'Warden', description: 'Looks after a park' } },
  accessRules: [{ role: 'warden', designation: 'caseworker' }],
  schema: 'parks',
});

const everything = async () => {
  const { rows } = await db.owner.query(
    `SELECT (SELECT count(*)::int FROM directory.app WHERE client_id = 'parks') AS tiles,
            (SELECT count(*)::int FROM directory.access_rule WHERE client_id = 'parks') AS rules,
            (SELECT count(*)::int FROM protocol.client_registration WHERE client_id = 'parks') AS clients,
            (SELECT count(*)::int FROM app_sessions.login WHERE client_id = 'parks') AS logins,
            (SELECT count(*)::int FROM pg_roles WHERE rolname = $1) AS roles,
            (SELECT count(*)::int FROM pg_tables WHERE schemaname = 'parks') AS tables`,
    [`${rolePrefix}_parks`],
  );
  return rows[0];
};

beforeAll(async () => {
  db = await createTestDatabase();
  await db.owner.query('CREATE SCHEMA parks; CREATE TABLE parks.bench (); CREATE TABLE parks."_prisma_migrations" ()');
  await provision({
    ownerUrl: db.ownerUrl,
    rolePrefix,
    providerPassword: 'p',
    encryptionKey: db.encryptionKey,
    apps: [{ manifest, url: 'https://parks.test', databasePassword: 'parks', clientSecret: 's'.repeat(43) }],
  });
});
afterAll(async () => {
  await db.owner.query(`DO $$ DECLARE r text; BEGIN
    FOR r IN SELECT rolname FROM pg_roles WHERE starts_with(rolname, '${rolePrefix}') LOOP
      EXECUTE format('DROP OWNED BY %I; DROP ROLE %I', r, r);
    END LOOP; END $$`);
  await db.close();
});

it('takes everything of an app away but its data, and the data when asked', async () => {
  expect(await everything()).toEqual({ tiles: 1, rules: 1, clients: 1, logins: 1, roles: 1, tables: 2 });
  await deprovision({ ownerUrl: db.ownerUrl, rolePrefix, clientId: 'parks' });
  expect(await everything()).toEqual({ tiles: 0, rules: 0, clients: 0, logins: 0, roles: 0, tables: 2 });
  await deprovision({ ownerUrl: db.ownerUrl, rolePrefix, clientId: 'parks', dropSchema: 'parks' });
  expect(await everything()).toEqual({ tiles: 0, rules: 0, clients: 0, logins: 0, roles: 0, tables: 0 });
});
