import { randomUUID } from 'node:crypto';
import { createTestDatabase, type TestDatabase } from '@gatehouse/test-kit';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const departmentApps = ['human-resources', 'finance', 'service-desk', 'template'] as const;
const schemaOf = (app: string) => app.replaceAll('-', '_');
const neighbourOf = (app: string) => (app === 'finance' ? 'human-resources' : 'finance');

let db: TestDatabase;
let clerk: string;
let administrator: string;
const open: pg.Pool[] = [];

function connectAs(clientId: string): pg.Pool {
  const pool = new pg.Pool({ connectionString: db.urlFor(clientId), max: 1 });
  pool.on('error', () => {});
  open.push(pool);
  return pool;
}

const insertSession = (clientId: string, sid: string, login = 'SESSION_USER') =>
  `INSERT INTO app_sessions.session (id_hash, login, client_id, sid, payload, expires_at)
   VALUES (sha256(convert_to('${sid}', 'UTF8')), ${login}, '${clientId}', '${sid}', '', now() + interval '1 hour')`;

const insertAudit = (values: { type: string; actor?: string; client?: string; recordedBy?: string }) =>
  `INSERT INTO audit.event (type, actor_person_id, client_id, recorded_by)
   VALUES ('${values.type}', ${values.actor ? `'${values.actor}'` : 'NULL'},
           ${values.client ? `'${values.client}'` : 'NULL'}, ${values.recordedBy ?? 'SESSION_USER'})`;

beforeAll(async () => {
  db = await createTestDatabase();
  clerk = await db.personId('tomas.reyes');
  administrator = await db.personId('noor.haddad');
  const signIn = `INSERT INTO app_sessions.sign_in (session_uid, client_id, sid, grant_id, person_id, expires_at)
                  VALUES ($1, $2, $3, $4, $5, now() + interval '1 hour')`;
  for (const app of departmentApps) await db.owner.query(signIn, ['s1', app, `${app}-sid`, `${app}-grant`, clerk]);
  await db.owner.query(signIn, ['s2', 'console', 'console-sid', 'console-grant', administrator]);
  await db.owner.query(insertSession('console', 'console-sid', "'somebody'"));
  await db.owner.query(insertAudit({ type: 'sign_in.succeeded', actor: administrator, client: 'console' }));
});

afterAll(async () => {
  await Promise.all(open.map((pool) => pool.end()));
  await db.close();
});

describe.each(departmentApps)('S94 D12 the database login of %s', (app) => {
  let own: pg.Pool;
  beforeAll(() => {
    own = connectAs(app);
  });

  // What each statement tries; PostgreSQL answers 42501 (insufficient privilege, row-level security included).
  const refused: [string, () => string][] = [
    ['read password hashes', () => 'SELECT hash FROM credentials.password'],
    ['set a password', () => `UPDATE credentials.password SET hash = 'x' WHERE person_id = '${clerk}'`],
    ['read one-time links', () => 'SELECT * FROM credentials.one_time_link'],
    ['lift a throttle', () => 'DELETE FROM credentials.throttle'],
    ['read protocol state', () => 'SELECT payload FROM protocol.state'],
    [
      'plant a provider session',
      () => "INSERT INTO protocol.state (model, id_hash, payload, expires_at) VALUES ('Session', '', '{}', now())",
    ],
    ['read client secrets', () => 'SELECT secret FROM protocol.client_registration'],
    ['read signing keys', () => 'SELECT private_jwk FROM protocol.signing_key'],
    ["read another app's tables", () => `SELECT * FROM ${schemaOf(neighbourOf(app))}."_prisma_migrations"`],
    ["make a table in another app's schema", () => `CREATE TABLE ${schemaOf(neighbourOf(app))}.planted (id int)`],
    ['forge a console session', () => insertSession('console', randomUUID())],
    ["write a session under another login's name", () => insertSession(app, randomUUID(), "'other_login'")],
    [
      'forge a sign-in of an administrator',
      () =>
        `INSERT INTO app_sessions.sign_in (session_uid, client_id, sid, grant_id, person_id, expires_at) VALUES ('x', '${app}', 'x', 'x', '${administrator}', now())`,
    ],
    [
      'make its login belong to the console',
      () => `UPDATE app_sessions.login SET client_id = 'console' WHERE client_id = '${app}'`,
    ],
    [
      'name an audit actor who never signed in to it',
      () => insertAudit({ type: 'app.x.y', actor: administrator, client: app }),
    ],
    ["write audit in another app's name", () => insertAudit({ type: 'app.x.y', client: 'console' })],
    ['write audit as another login', () => insertAudit({ type: 'app.x.y', client: app, recordedBy: "'postgres'" })],
    ['change a designation', () => `UPDATE directory.appointment SET ends_on = NULL WHERE person_id = '${clerk}'`],
    [
      'give itself a role',
      () =>
        `INSERT INTO directory.personal_grant (person_id, client_id, role, reason, starts_on) VALUES ('${clerk}', 'console', 'administrator', 'x', now())`,
    ],
    ['change an access rule', () => 'DELETE FROM directory.access_rule'],
    ['lift a second factor', () => 'UPDATE directory.app SET second_factor_decided = false'],
    ['forget a remembered device', () => 'DELETE FROM credentials.remembered_device'],
    ['enable a disabled person', () => "UPDATE directory.person SET status = 'active'"],
    ['delete audit', () => 'DELETE FROM audit.event'],
    ['change audit', () => "UPDATE audit.event SET type = 'x'"],
    ['read audit', () => 'SELECT * FROM audit.event'],
    ['become the owner', () => 'SET ROLE gatehouse'],
  ];

  it.each(refused)('may not %s', async (_name, statement) => {
    await expect(own.query(statement())).rejects.toMatchObject({ code: '42501' });
  });

  it('sees no session, sign-in or login transaction but its own', async () => {
    const sessions = await own.query('SELECT client_id FROM app_sessions.session');
    const signIns = await own.query('SELECT DISTINCT client_id FROM app_sessions.sign_in');
    expect(sessions.rows.filter((row) => row.client_id !== app)).toEqual([]);
    expect(signIns.rows).toEqual([{ client_id: app }]);
    const ended = await own.query("UPDATE app_sessions.session SET ended_at = now() WHERE client_id = 'console'");
    expect(ended.rowCount).toBe(0);
  });

  it('may do its own work: sessions, audit, people, rights and its tables', async () => {
    await own.query(insertSession(app, `${app}-own`));
    expect((await own.query('UPDATE app_sessions.session SET last_seen_at = now()')).rowCount).toBe(1);
    await own.query(insertAudit({ type: `app.${app}.tested`, actor: clerk, client: app }));
    expect((await own.query('SELECT name FROM directory.person')).rowCount).toBeGreaterThan(50);
    await own.query('SELECT * FROM directory.effective_role WHERE person_id = $1', [clerk]);
    const { rows } = await own.query('SELECT app_sessions.sign_in_is_live($1, $2, $3) AS live', [
      app,
      `${app}-sid`,
      clerk,
    ]);
    expect(rows).toEqual([{ live: true }]);
    await own.query(`SELECT FROM information_schema.tables WHERE table_schema = '${schemaOf(app)}'`);
  });
});

describe('the database login of the console', () => {
  const refused: [string, string][] = [
    ['read password hashes', 'SELECT hash FROM credentials.password'],
    ['read protocol payloads', 'SELECT payload FROM protocol.state'],
    ['read client secrets', 'SELECT secret FROM protocol.client_registration'],
    ['read by what a device is remembered', 'SELECT token_hash FROM credentials.remembered_device'],
    ['change what a manifest says', 'UPDATE directory.app_role SET second_factor = false'],
    ['read the metadata of a removed client', 'SELECT metadata FROM protocol.removed_client'],
    ['change a registration', "UPDATE protocol.client_registration SET metadata = '{}'"],
    ['register an app', "INSERT INTO directory.app (client_id, title, description, url) VALUES ('x', 'x', '', '')"],
    ['read signing keys', 'SELECT private_jwk FROM protocol.signing_key'],
    [
      'queue a logout by hand',
      `INSERT INTO protocol.logout_delivery (session_uid, client_id, sid, person_id, pointless_at)
       VALUES ('s', 'finance', 's', gen_random_uuid(), now())`,
    ],
    ['say that an app was told of a logout', 'UPDATE protocol.logout_delivery SET delivered_at = now()'],
    ['revive an ended sign-in with a longer life', "UPDATE app_sessions.sign_in SET expires_at = 'infinity'"],
    ['delete audit', 'DELETE FROM audit.event'],
  ];

  it.each(refused)('may not %s', async (_name, statement) => {
    await expect(connectAs('console').query(statement)).rejects.toMatchObject({ code: '42501' });
  });

  it('cannot revive an ended sign-in', async () => {
    await db.owner.query("UPDATE app_sessions.sign_in SET ended_at = now() WHERE sid = 'template-sid'");
    const revive = "UPDATE app_sessions.sign_in SET ended_at = NULL WHERE sid = 'template-sid'";
    await expect(connectAs('console').query(revive)).rejects.toMatchObject({ code: '23001' });
  });

  it('may disable a person, end a sign-in, and read audit, clients and deliveries', async () => {
    const own = connectAs('console');
    expect((await own.query('SELECT * FROM protocol.registered_client')).rowCount).toBeGreaterThan(3);
    await own.query('SELECT * FROM protocol.logout_delivery');
    await own.query('SELECT title FROM protocol.removed_client');
    const person = await db.personId('leo.martins');
    expect((await own.query("UPDATE directory.person SET status = 'disabled' WHERE id = $1", [person])).rowCount).toBe(
      1,
    );
    expect(
      (await own.query("UPDATE app_sessions.sign_in SET ended_at = now() WHERE client_id = 'finance'")).rowCount,
    ).toBe(1);
    expect((await own.query('SELECT type FROM audit.event')).rowCount).toBeGreaterThan(0);
  });
});
