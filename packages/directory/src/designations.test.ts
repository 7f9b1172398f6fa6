import { createTestDatabase, type TestDatabase } from '@gatehouse/test-kit';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { listPeople, managerOf, reportsOf } from './index.ts';

let db: TestDatabase;

beforeAll(async () => {
  db = await createTestDatabase();
});

afterAll(() => db.close());

it('reports are exactly the active people whose manager somebody is', async () => {
  const people = await listPeople(db.owner, { status: 'active', limit: 500 });
  const managers = new Map<string, string[]>();
  for (const { id } of people) {
    const manager = await managerOf(db.owner, id);
    if (manager) managers.set(manager.id, [...(managers.get(manager.id) ?? []), id]);
  }

  expect(managers.size).toBeGreaterThan(3);
  for (const { id } of people) {
    expect((await reportsOf(db.owner, id)).toSorted()).toEqual((managers.get(id) ?? []).toSorted());
  }
});

it('pass to the next one up the line while a post is vacant', async () => {
  const [ines, eleanor, dev] = await Promise.all(['ines.carvalho', 'eleanor.vance', 'dev.patel'].map(db.personId));
  expect(await reportsOf(db.owner, ines ?? '')).toContain(dev);
  await db.owner.query('DELETE FROM directory.appointment WHERE person_id = $1', [ines]);
  expect(await reportsOf(db.owner, ines ?? '')).toEqual([]);
  expect(await reportsOf(db.owner, eleanor ?? '')).toContain(dev);
});
