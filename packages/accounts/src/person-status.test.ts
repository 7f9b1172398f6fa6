import { createTestDatabase, type TestDatabase } from '@gatehouse/test-kit';
import type { Pool } from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { auditOf, poolOf, remains, startSession } from '../testing/fixtures.ts';
import { createOneTimeLink, findLink } from './one-time-links.ts';
import { disablePerson, enablePerson } from './person-status.ts';

let db: TestDatabase;
let console: Pool;
let noor: string;
let grace: string;
let tomas: string;
beforeAll(async () => {
  db = await createTestDatabase();
  console = poolOf(db, 'console');
  [noor, grace, tomas] = (await Promise.all(['noor.haddad', 'grace.lindqvist', 'tomas.reyes'].map(db.personId))) as [
    string,
    string,
    string,
  ];
  await db.owner.query(
    `UPDATE directory.person SET status = 'disabled' WHERE id <> $1 AND id IN
       (SELECT person_id FROM directory.effective_role WHERE client_id = 'console' AND role = 'administrator')`,
    [noor],
  );
  await startSession(db.owner, noor, ['console']);
  await startSession(db.owner, grace, ['console']);
});
beforeEach(() =>
  db.owner.query("UPDATE directory.person SET status = 'active' WHERE id = ANY($1)", [[noor, grace, tomas]]),
);
afterAll(async () => {
  await console.end();
  await db.close();
});

const statusOf = async (personId: string) =>
  (await db.owner.query('SELECT status FROM directory.person WHERE id = $1', [personId])).rows[0].status;
const inConsole = { clientId: 'console' };
const disable = (personId: string, actorPersonId: string) =>
  disablePerson(console, { personId, actorPersonId, reason: 'left', ...inConsole });

describe('disabling a person', () => {
  it('S72 ends their sessions, tokens and links in the same transaction, and is recorded', async () => {
    const sessions = [
      await startSession(db.owner, tomas, ['finance']),
      await startSession(db.owner, tomas, ['finance']),
    ];
    const link = await createOneTimeLink(db.owner, { personId: tomas, purpose: 'reset' });
    expect(await findLink(db.owner, link)).toMatchObject({ login: 'tomas.reyes' });

    const receipt = await disable(tomas, noor);
    expect(receipt).toEqual([{ clientId: 'finance', title: 'Finance', state: 'ended' }]);
    expect(await statusOf(tomas)).toBe('disabled');
    for (const session of sessions) {
      expect(await remains(db.owner, session)).toEqual({ sessions: 0, signIns: 0, tokens: 0 });
    }
    expect(await findLink(db.owner, link)).toBeUndefined();
    const types = (await auditOf(db.owner, tomas)).map(({ type }) => type);
    expect(types).toEqual(expect.arrayContaining(['person.disabled', 'session.ended']));
  });

  it('can be undone; nothing that ended revives', async () => {
    const session = await startSession(db.owner, tomas, ['finance']);
    await disable(tomas, noor);
    await enablePerson(console, { personId: tomas, actorPersonId: noor, ...inConsole });
    expect(await statusOf(tomas)).toBe('active');
    expect(await remains(db.owner, session)).toEqual({ sessions: 0, signIns: 0, tokens: 0 });
  });

  it('refuses a person who does not exist', async () => {
    await expect(disable('00000000-0000-0000-0000-000000000000', noor)).rejects.toMatchObject({
      code: 'person_unknown',
    });
  });
});

describe('S67 the administrators', () => {
  it('cannot disable themselves', async () => {
    expect(() => disable(noor, noor)).toThrow(expect.objectContaining({ code: 'own_account' }));
    expect(await statusOf(noor)).toBe('active');
  });

  it('keep at least one: the last cannot be disabled', async () => {
    await expect(disable(noor, grace)).rejects.toMatchObject({ code: 'last_administrator' });
    expect(await statusOf(noor)).toBe('active');
  });

  it('keep at least one when two disable each other at the same moment', async () => {
    await db.owner.query(
      `INSERT INTO directory.personal_grant (person_id, client_id, role, reason, starts_on)
       VALUES ($1, 'console', 'administrator', 'deputy', directory.today())`,
      [grace],
    );
    const outcomes = await Promise.allSettled([disable(noor, grace), disable(grace, noor)]);
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect([await statusOf(noor), await statusOf(grace)].sort()).toEqual(['active', 'disabled']);
  });
});
