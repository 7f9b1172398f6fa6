import { connect, type Database } from '@gatehouse/prisma';
import { createTestDatabase, type TestDatabase } from '@gatehouse/test-kit';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { clean } from './cleaner.ts';

let db: TestDatabase;
let provider: Database;

beforeAll(async () => {
  db = await createTestDatabase();
  provider = connect(db.urlFor('identity-provider'), { applicationName: 'cleaner' });
});
afterAll(async () => {
  await provider.close();
  await db.close();
});

const addStates = (count: number, expiry: string, prefix: string) =>
  db.owner.query(
    `INSERT INTO protocol.state (model, id_hash, payload, expires_at)
     SELECT 'AccessToken', sha256(convert_to($2 || n, 'UTF8')), '{}', now() + $3::interval FROM generate_series(1, $1) n`,
    [count, prefix, expiry],
  );

const states = async (): Promise<number> => {
  const { rows } = await db.owner.query<{ count: number }>('SELECT count(*)::int AS count FROM protocol.state');
  return rows[0]?.count ?? 0;
};

it('removes what has expired, of every app, and nothing else', async () => {
  await addStates(2500, '-2 hours', 'gone');
  await addStates(3, '1 hour', 'live');
  await db.owner.query(
    `INSERT INTO app_sessions.session (id_hash, login, client_id, sid, payload, expires_at) VALUES
       ('\\x01', 'somebody', 'finance', 's', '', now() - interval '1 second'),
       ('\\x02', 'somebody', 'finance', 's', '', now() + interval '1 hour')`,
  );
  expect(await clean(provider.pool)).toBe(2501);
  expect(await states()).toBe(3);
  const { rows } = await db.owner.query(`SELECT encode(id_hash, 'hex') AS id FROM app_sessions.session`);
  expect(rows).toEqual([{ id: '02' }]);
});

it('F15 neither waits for a row in use nor touches it', async () => {
  await addStates(2, '-2 hours', 'in-use');
  const user = await db.owner.connect();
  await user.query('BEGIN');
  await user.query(`SELECT FROM protocol.state WHERE id_hash = sha256('in-use1') FOR UPDATE`);
  expect(await clean(provider.pool)).toBe(1);
  await user.query('COMMIT');
  user.release();
  expect(await clean(provider.pool)).toBe(1);
});

it('runs on one instance at a time', async () => {
  await addStates(5, '-2 hours', 'other');
  const other = await db.owner.connect();
  await other.query(`UPDATE protocol.turn SET held_until = 'infinity' WHERE name = 'cleaner'`);
  expect(await clean(provider.pool)).toBe(0);
  await other.query(`UPDATE protocol.turn SET held_until = '-infinity' WHERE name = 'cleaner'`);
  other.release();
  expect(await clean(provider.pool)).toBe(5);
});
