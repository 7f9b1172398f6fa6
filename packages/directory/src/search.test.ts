import { createTestDatabase, type TestDatabase } from '@gatehouse/test-kit';
import pg, { type Pool } from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { countPeople, listPeople } from './people.ts';

let db: TestDatabase;
let pool: Pool;
beforeAll(async () => {
  db = await createTestDatabase();
  pool = new pg.Pool({ connectionString: db.urlFor('human-resources') });
  const people: [string, string, string][] = [
    ['nunez', 'María José', 'Núñez'],
    ['strasse', 'Jürgen', 'Straße'],
    ['walesa', 'Łukasz', 'Wałęsa'],
    ['soren', 'Søren', 'Ærø'],
    ['obrien', 'Siobhán', 'O’Brien'],
    ['smith-jones', 'Ann-Marie', 'Smith-Jones'],
    ['ivanov', 'Иван', 'Иванов'],
    ['wang', '小明', '王'],
  ];
  for (const [login, given, family] of people) {
    await db.owner.query(
      `INSERT INTO directory.person (login, name, given_name, family_name, email)
       VALUES ($1, $2 || ' ' || $3, $2, $3, $1 || '@elsewhere.example')`,
      [login, given, family],
    );
  }
});
afterAll(async () => {
  await pool.end();
  await db.close();
});

it.each([
  ['nunez', 'nunez'],
  ['Núñez', 'nunez'],
  ['Nu\u0301n\u0303ez', 'nunez'],
  ['NUÑEZ MARÍA', 'nunez'],
  ['nuñ jos mar', 'nunez'],
  ['strasse', 'strasse'],
  ['Straße jurgen', 'strasse'],
  ['lukasz walesa', 'walesa'],
  ['aero soren', 'soren'],
  ["o'brien", 'obrien'],
  ['OBrien siobhan', 'obrien'],
  ['smith jones', 'smith-jones'],
  ['ann-marie smith-j', 'smith-jones'],
  ['ИВАНОВ', 'ivanov'],
  ['王', 'wang'],
  ['ｎｕｎｅｚ', 'nunez'],
  ['nunez@elsewhere.example', 'nunez'],
  ["nunez'':*!", 'nunez'],
])('C64 %j finds %s', async (search, login) => {
  expect((await listPeople(pool, { search })).map((person) => person.login)).toEqual([login]);
  expect(await countPeople(pool, { search })).toBe(1);
});

it.each(['nunez smith', "nunez' | 'x", '!nunez zzz', 'unez', 'nunez <-> zzz'])(
  'C64 %j finds nobody, and breaks nothing',
  async (search) => expect(await listPeople(pool, { search })).toEqual([]),
);

it('C64 nothing typed finds everybody, signs without a word nobody', async () => {
  expect(await countPeople(pool, { search: '  ' })).toBe(await countPeople(pool));
  for (const search of ['\\', "'", '<->', ':*', '%', '_']) expect(await countPeople(pool, { search }), search).toBe(0);
});

it('C64 two letters find whoever has a word that begins with them, and posts are found by their words', async () => {
  const found = (await listPeople(pool, { search: 'nu' })).map(({ login }) => login);
  expect(found).toContain('nunez');
  expect((await listPeople(pool, { search: 'clerk finance' })).map(({ login }) => login)).toContain('tomas.reyes');
});

it('C64 is found by the index', async () => {
  const tx = await db.owner.connect();
  await tx.query('SET enable_seqscan = off');
  const { rows } = await tx.query<{ 'QUERY PLAN': string }>(
    `EXPLAIN SELECT FROM directory.person p WHERE directory.search_vector(p.name || ' ' || p.given_name || ' ' || p.family_name
       || ' ' || p.login || ' ' || p.email) @@ directory.search_query('nunez')`,
  );
  tx.release(true);
  expect(rows.map((row) => row['QUERY PLAN']).join()).toContain('person_search');
});
