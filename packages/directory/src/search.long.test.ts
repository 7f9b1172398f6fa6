import { createTestDatabase, type TestDatabase } from '@gatehouse/test-kit';
import pg, { type Pool } from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { listPeople } from './people.ts';

const PEOPLE = 1_000_000;

let db: TestDatabase;
let pool: Pool;
beforeAll(async () => {
  db = await createTestDatabase();
  pool = new pg.Pool({ connectionString: db.urlFor('console'), max: 1 });
  await db.owner.query(
    `WITH names AS (
       SELECT n, ('{Ana,José,Núria,Łukasz,Søren,Siobhán,Noor,Tomás,Grace,Wei}'::text[])[1 + n % 10] || chr(97 + n / 10 % 26) AS given,
              ('{Núñez,Straße,Wałęsa,O''Brien,Smith,Haddad,Iyer,Price,Kim,Novak}'::text[])[1 + n / 7 % 10] || n / 1000 AS family
       FROM generate_series(1, ${PEOPLE}) n)
     INSERT INTO directory.person (login, name, given_name, family_name, email)
     SELECT 'p' || n, given || ' ' || family, given, family, 'p' || n || '@elsewhere.example' FROM names`,
  );
  await db.owner.query('ANALYZE directory.person');
}, 600_000);
afterAll(async () => {
  await pool?.end();
  await db?.close();
});

it('C64 finds people among a million within 300 ms at p95', { timeout: 300_000 }, async () => {
  const searches = ['nunez12', 'novak99', 'p77777', 'ana haddad1', 'walesa500', 'obrien3', 'iyer88', 'tomas haddad7'];
  const times: number[] = [];
  for (const search of [...searches, ...searches, ...searches]) {
    const begin = performance.now();
    expect((await listPeople(pool, { search })).length, search).toBeGreaterThan(0);
    times.push(performance.now() - begin);
  }
  const p95 = times.sort((a, b) => a - b)[Math.floor(times.length * 0.95)] ?? Number.NaN;
  process.stderr.write(`people found among a million: median ${times[12]?.toFixed(0)} ms, p95 ${p95.toFixed(0)} ms\n`);
  expect(p95).toBeLessThan(300);
});
