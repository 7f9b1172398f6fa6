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

const insertSession = (clientId: string, sid: string, login?: string) =>
  `INSERT INTO app_sessions.session (id_hash, client_id, sid, payload, expires_at${login ? ', login' : ''})
   VALUES (sha256(convert_to('${sid}', 'UTF8')), '${clientId}', '${sid}', '', now() + interval '1 hour'${login ? `, ${login}` : ''})`;

const insertAudit = (values: { type: string; actor?: string; client?: string; more?: Record<string, string> }) => {
  const more = Object.entries(values.more ?? {});
  return `INSERT INTO audit.event (${['type', 'actor_person_id', 'client_id', ...more.map(([name]) => name)].join()})
   VALUES ('${values.type}', ${values.actor ? `'${values.actor}'` : 'NULL'},
           ${[values.client ? `'${values.client}'` : 'NULL', ...more.map(([, value]) => value)].join()})`;
};

/** Every mode in which one transaction keeps others from reading or writing a table. */
const locks = ['ROW EXCLUSIVE', 'SHARE', 'SHARE ROW EXCLUSIVE', 'EXCLUSIVE', 'ACCESS EXCLUSIVE'];
const shared = `app_sessions.session app_sessions.sign_in app_sessions.login_taken app_sessions.logout_token_use
  app_sessions.login audit.event directory.person directory.app protocol.state protocol.turn`.split(/\s+/);

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

describe.each(departmentApps)('S94 S101 S102 D12 the database login of %s', (app) => {
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
    ...[
      ['under an id to come', { id: '1000000' }],
      ['at a time of its choice', { at: "'2020-01-01'" }],
      ['as another login', { recorded_by: "'postgres'" }],
    ].map(([how, more]): [string, () => string] => [
      `write audit ${String(how)}`,
      () => insertAudit({ type: `app.${app}.y`, client: app, more: more as Record<string, string> }),
    ]),
    ...['sign_in.succeeded', 'password.set', 'person.disabled', 'app.console.x', `app.${app}`, `xapp.${app}.y`].map(
      (type): [string, () => string] => [
        `write audit of the type ${type}`,
        () => insertAudit({ type, actor: clerk, client: app }),
      ],
    ),
    [
      'write audit of any length',
      () =>
        insertAudit({
          type: `app.${app}.y`,
          client: app,
          more: { detail: `(SELECT jsonb_agg(random()) FROM generate_series(1, 9999))` },
        }),
    ],
    ['count the ids of audit on', () => "SELECT setval('audit.event_id_seq', 1)"],
    ...shared.flatMap((table) =>
      locks.map((mode): [string, () => string] => [
        `lock ${table} in ${mode} mode`,
        () => `BEGIN; LOCK TABLE ${table} IN ${mode} MODE NOWAIT; ROLLBACK`,
      ]),
    ),
    ['take a lock by its number', () => 'SELECT pg_advisory_lock(72707369)'],
    ['take it for a transaction', () => 'SELECT pg_try_advisory_xact_lock_shared(1, 2)'],
    ['make a large object', () => 'SELECT lo_create(0)'],
    ['fill a large object', () => "SELECT lo_from_bytea(0, 'x')"],
    ['make a table in public', () => 'CREATE TABLE public.planted (id int)'],
    ['hold the row of a person', () => 'SELECT FROM directory.person FOR SHARE'],
    ['hold the row of a sign-in', () => 'SELECT FROM app_sessions.sign_in FOR KEY SHARE'],
    ['delete sessions by hand', () => 'DELETE FROM app_sessions.session'],
    ['give a session to another', () => "UPDATE app_sessions.session SET sid = 'x', client_id = 'console'"],
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

  it('sees no session, sign-in or login attempt but its own', async () => {
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
    await own.query("SELECT app_sessions.remove_session(sha256(convert_to('console-sid', 'UTF8')))");
    expect((await db.owner.query("SELECT FROM app_sessions.session WHERE sid = 'console-sid'")).rowCount).toBe(1);
    await own.query('SELECT app_sessions.remove_session(sha256(convert_to($1, $2)))', [`${app}-own`, 'UTF8']);
    expect((await own.query('SELECT FROM app_sessions.session')).rowCount).toBe(0);
    await own.query(insertAudit({ type: `app.${app}.tested`, actor: clerk, client: app }));
    expect((await own.query('SELECT name FROM directory.person')).rowCount).toBeGreaterThan(50);
    await own.query('SELECT * FROM directory.effective_role WHERE person_id = $1', [clerk]);
    await own.query(`SELECT FROM information_schema.tables WHERE table_schema = '${schemaOf(app)}'`);
  });
});

describe('S102 nobody stops the others', () => {
  it('one login holds 40 connections at most, and others still come in', async () => {
    const many = Array.from({ length: 41 }, () => new pg.Client({ connectionString: db.urlFor('template') }));
    for (const client of many) client.on('error', () => {});
    const opened = await Promise.allSettled(many.map((client) => client.connect()));
    const refusals = opened.flatMap((each) => (each.status === 'rejected' ? [each.reason.code] : []));
    // One more is held by the tests above.
    expect(new Set(refusals)).toEqual(new Set(['53300']));
    expect((await connectAs('finance').query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
    await Promise.all(many.filter((_, at) => opened[at]?.status === 'fulfilled').map((client) => client.end()));
  });

  it.each(['finance', 'console', 'identity-provider'])('%s gives a wait up', async (app) => {
    const { rows } = await connectAs(app).query(
      `SELECT name, setting FROM pg_settings
       WHERE name IN ('statement_timeout', 'lock_timeout', 'idle_in_transaction_session_timeout') ORDER BY name`,
    );
    expect(rows.map(({ setting }) => Number(setting))).toEqual([15_000, 5_000, 15_000]);
    const tx = await db.owner.connect();
    await tx.query('BEGIN; LOCK TABLE directory.person IN ACCESS EXCLUSIVE MODE');
    const waiting = connectAs(app).query("SET lock_timeout = '50ms'; SELECT FROM directory.person");
    await expect(waiting).rejects.toMatchObject({ code: '55P03' });
    await tx.query('ROLLBACK');
    tx.release();
  });
});

describe('S103 the database login of the console', () => {
  const refused: [string, string][] = [
    [
      'make a link to set a password',
      "INSERT INTO credentials.one_time_link (token_hash, person_id, purpose, expires_at) SELECT '', id, 'reset', now() FROM directory.person LIMIT 1",
    ],
    ['change an address', "UPDATE directory.person SET email = 'x@y.z'"],
    [
      'make a person',
      "INSERT INTO directory.person (login, name, given_name, family_name, email) VALUES ('x', 'x', 'x', 'x', 'x')",
    ],
    ['lower a moment', 'UPDATE directory.person SET moment = 0'],
    [
      'appoint somebody',
      'INSERT INTO directory.appointment (person_id, designation_id, starts_on) SELECT p.id, d.id, now() FROM directory.person p, directory.designation d',
    ],
    [
      'give a role',
      "INSERT INTO directory.personal_grant (person_id, client_id, role, reason, starts_on) SELECT id, 'console', 'administrator', 'x', now() FROM directory.person",
    ],
    ['change an access rule', 'DELETE FROM directory.access_rule'],
    ['open an app to everybody', "UPDATE directory.app SET access = 'everyone'"],
    ['record a sign-in', insertAudit({ type: 'sign_in.succeeded', client: 'console' })],
    ...[...shared, 'credentials.remembered_device'].flatMap((table) =>
      locks.map((mode): [string, string] => [
        `lock ${table} in ${mode} mode`,
        `BEGIN; LOCK TABLE ${table} IN ${mode} MODE NOWAIT; ROLLBACK`,
      ]),
    ),
    ["take another's turn", "SELECT FROM protocol.turn WHERE name = 'cleaner' FOR UPDATE"],
    ['delete tokens by hand', 'DELETE FROM protocol.state'],
    ['forget a remembered device', 'DELETE FROM credentials.remembered_device'],
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

  it('cannot revive an ended provider session', async () => {
    await db.owner.query(
      `INSERT INTO protocol.state (model, id_hash, uid, payload, expires_at, ended_at)
       VALUES ('Session', 'ended', 'ended', '{}', now() + interval '1 hour', now())`,
    );
    const revive = "UPDATE protocol.state SET ended_at = NULL WHERE uid = 'ended'";
    await expect(connectAs('console').query(revive)).rejects.toMatchObject({ code: '23001' });
    await expect(connectAs('identity-provider').query(revive)).rejects.toMatchObject({ code: '23001' });
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
