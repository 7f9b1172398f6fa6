import { createTestDatabase, type TestDatabase } from '@gatehouse/test-kit';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { seed } from '../prisma/seed.ts';

let db: TestDatabase;

beforeAll(async () => {
  db = await createTestDatabase();
});

afterAll(() => db?.close());

const countRows = async () => (await db.owner.query('SELECT FROM service_desk.ticket')).rowCount;

it('the seed fills an empty app, and leaves alone what is there', async () => {
  const options = { databaseUrl: db.ownerUrl, personId: db.personId };
  await seed(options);
  const seeded = await countRows();
  expect(seeded).toBeGreaterThan(3);
  await seed(options);
  expect(await countRows()).toBe(seeded);
});
