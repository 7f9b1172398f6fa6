import { createTestDatabase, type TestDatabase } from '@gatehouse/test-kit';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { listApps } from '../index.ts';
import { defineApp } from '../manifest.ts';
import { decideSecondFactor, grantRole, registerApps, withdrawRole } from './index.ts';

let db: TestDatabase;
let clerk: string;
let head: string;
beforeAll(async () => {
  db = await createTestDatabase();
  [clerk, head] = [await db.personId('tomas.reyes'), await db.personId('grace.lindqvist')];
});
beforeEach(() => register({}));
afterAll(() => db.close());

/** Registers the vault, as its manifest says by now. */
async function register({ app = false, keeper = false }: { app?: boolean; keeper?: boolean }): Promise<void> {
  const manifest = defineApp({
    clientId: 'vault',
    title: 'Vault',
    description: 'What is worth most',
    portOffset: 20,
    secondFactor: app,
    roles: {
      reader: { title: 'Reader', description: 'Reads' },
      keeper: { title: 'Keeper', description: 'Keeps the keys', secondFactor: keeper },
    },
    accessRules: [
      { role: 'reader', designation: 'finance-clerk' },
      { role: 'keeper', designation: 'head-of-finance' },
    ],
  });
  const owner = await db.owner.connect();
  try {
    await registerApps(owner, [{ manifest, url: 'http://localhost:4020' }]);
  } finally {
    owner.release();
  }
}

const asks = async (personId: string): Promise<boolean> =>
  (await db.owner.query(`SELECT directory.needs_second_factor($1, 'vault') AS asks`, [personId])).rows[0].asks;
const decide = (required: boolean, role?: string) => decideSecondFactor(db.owner, { app: 'vault', role, required });
const shown = async () => {
  const vault = (await listApps(db.owner)).find(({ clientId }) => clientId === 'vault');
  const roles = Object.fromEntries((vault?.roles ?? []).map(({ role, secondFactor }) => [role, secondFactor]));
  return { app: vault?.secondFactor, ...roles };
};

it('is asked of nobody unless a manifest or an administrator says so', async () => {
  expect([await asks(clerk), await asks(head)]).toEqual([false, false]);
  expect(await shown()).toEqual({ app: false, reader: false, keeper: false });
});

it('is asked as the manifest says: of everybody, or of those who have a role', async () => {
  await register({ keeper: true });
  expect([await asks(clerk), await asks(head)]).toEqual([false, true]);
  await register({ app: true });
  expect([await asks(clerk), await asks(head)]).toEqual([true, true]);
  expect(await shown()).toEqual({ app: true, reader: false, keeper: false });
});

it('is asked as an administrator decided, whatever a later manifest says, until both say the same', async () => {
  await register({ keeper: true });
  await decide(false, 'keeper');
  expect(await asks(head)).toBe(false);
  await register({ keeper: true });
  expect(await asks(head)).toBe(false);
  await decide(true, 'keeper');
  await register({});
  expect(await asks(head)).toBe(false);
});

it('follows a role that is given and withdrawn', async () => {
  await decide(true, 'keeper');
  const grant = await grantRole(db.owner, { personId: clerk, clientId: 'vault', role: 'keeper', reason: 'stands in' });
  expect(await asks(clerk)).toBe(true);
  await withdrawRole(db.owner, grant);
  expect(await asks(clerk)).toBe(false);
  await decide(false, 'keeper');
});

it('is decided about apps and roles that there are', async () => {
  await expect(decide(true, 'nobody')).rejects.toThrow(RangeError);
  await expect(decideSecondFactor(db.owner, { app: 'nowhere', required: true })).rejects.toThrow(RangeError);
});
