import { createTestDatabase, type TestDatabase } from '@gatehouse/test-kit';
import { verify } from '@node-rs/argon2';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { connectPrisma, type PrismaDatabase } from '../client.ts';
import { demoPassword, demoPeople, seedHarbourCouncil } from './index.ts';

let db: TestDatabase;
let database: PrismaDatabase;

beforeAll(async () => {
  db = await createTestDatabase();
  database = connectPrisma(db.ownerUrl, { applicationName: 'test' });
});

afterAll(async () => {
  await database.close();
  await db.close();
});

it('has five departments below the root and about sixty people, all marked as demo people', async () => {
  expect(await database.prisma.department.count({ where: { parentId: { not: null } } })).toBe(5);
  const people = await database.prisma.person.count();
  expect(people).toBeGreaterThanOrEqual(55);
  expect(people).toBeLessThanOrEqual(70);
  expect(await database.prisma.person.count({ where: { demo: true } })).toBe(people);
});

it('does nothing where an organisation is there, and keeps what was changed', async () => {
  await database.prisma.person.update({ where: { login: 'tomas.reyes' }, data: { name: 'Tomas Reyes-Lopez' } });
  const before = await database.prisma.person.count();
  expect(await seedHarbourCouncil(database.prisma)).toBe(false);
  expect(await database.prisma.person.count()).toBe(before);
  expect((await database.prisma.person.findUniqueOrThrow({ where: { login: 'tomas.reyes' } })).name).toBe(
    'Tomas Reyes-Lopez',
  );
});

it('stores passwords as argon2id with the parameters that the accounts package uses', async () => {
  const { hash } = await database.prisma.password.findFirstOrThrow({ where: { person: { login: 'grace.lindqvist' } } });
  expect(hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  expect(await verify(hash, demoPassword)).toBe(true);
  expect(await verify(hash, `${demoPassword} `)).toBe(false);
});

it('offers the cast to sign in as, each with a note and the designations held today', () => {
  const offered = Object.fromEntries(demoPeople().map((person) => [person.login, person]));
  expect(offered['samuel.price']?.designations).toEqual(['Finance Assistant', 'Head of Human Resources']);
  expect(offered['victor.stone']?.designations).toEqual([]);
  expect(offered['lena.novak']?.designations).toEqual([]);
  expect(demoPeople().every(({ note }) => note.length > 0)).toBe(true);
});
