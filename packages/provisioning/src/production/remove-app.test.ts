import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { createTestDatabase, type TestDatabase } from '@gatehouse/test-kit';
import { afterAll, beforeAll, expect, it } from 'vitest';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
  await db.owner.query(`INSERT INTO directory.app (client_id, title, description, url)
    VALUES ('old-parks', 'Old parks', 'Trees', 'https://parks.test'), ('old-pools', 'Old pools', 'Water', 'https://pools.test');
    CREATE SCHEMA old_parks; CREATE SCHEMA old_pools`);
});
afterAll(() => db.close());

const remove = (...args: string[]) =>
  new Promise<{ code: number; output: string }>((resolve) => {
    const env = { PATH: process.env.PATH, OWNER_DATABASE_URL: db.ownerUrl };
    execFile('node', [join(import.meta.dirname, 'remove-app.ts'), ...args], { env }, (error, stdout, stderr) =>
      resolve({ code: Number(error?.code ?? 0), output: stdout + stderr }),
    );
  });
const left = async () => {
  const { rows } = await db.owner.query(
    `SELECT client_id AS name FROM directory.app WHERE client_id LIKE 'old-%'
     UNION SELECT nspname FROM pg_namespace WHERE nspname LIKE 'old\\_%' ORDER BY 1`,
  );
  return rows.map(({ name }) => name);
};

it('takes an app out and keeps its data, unless that is to go too', async () => {
  expect(await remove('old-parks')).toEqual({
    code: 0,
    output: expect.stringContaining('kept in the Postgres schema'),
  });
  expect(await left()).toEqual(['old-pools', 'old_parks', 'old_pools']);
  expect(await remove('old-pools', '--drop-data')).toMatchObject({ code: 0 });
  expect(await left()).toEqual(['old_parks']);
});

it.each([
  ['finance', 'is in this checkout'],
  ['directory', 'knows no app'],
  ['', 'knows no app'],
])('refuses %j', async (name, reason) => {
  expect(await remove(name, '--drop-data')).toEqual({ code: 1, output: expect.stringContaining(reason) });
  const { rowCount } = await db.owner.query(`SELECT FROM directory.app WHERE client_id = 'finance'`);
  expect(rowCount).toBe(1);
});
