import { createTestDatabase, type TestDatabase } from '@gatehouse/test-kit';
import type { Pool, PoolClient } from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { poolOf } from '../../testing/fixtures.ts';
import { requestReset } from '../passwords/request-reset.ts';
import { confirmEmailChange } from './confirm-change.ts';
import { requestEmailChange } from './request-change.ts';

let db: TestDatabase;
let pool: Pool;
let personId: string;
let tx: PoolClient;
beforeAll(async () => {
  db = await createTestDatabase();
  pool = poolOf(db, 'identity-provider');
  personId = await db.personId('tomas.reyes');
  tx = await db.owner.connect();
});
beforeEach(() => db.owner.query('DELETE FROM credentials.throttle'));
afterAll(async () => {
  tx.release();
  await pool.end();
  await db.close();
});

const emailNow = async () =>
  (await db.owner.query('SELECT email FROM directory.person WHERE id = $1', [personId])).rows[0].email;

async function asked(email: string): Promise<string> {
  const { token } = await requestEmailChange(pool, { ...(await db.owns(personId)), email, address: '203.0.113.1' });
  return String(token);
}

/** Uses the link while a transaction of the owner's, which has done `first`, waits with `then` before it commits. */
async function confirmDuring(token: string, first: string, then: string): Promise<unknown> {
  await tx.query('BEGIN');
  await tx.query(first, [personId]);
  const outcome = confirmEmailChange(pool, { token }).catch((error: unknown) => error);
  await expect.poll(() => db.waitingForLocks()).toBe(1);
  await tx.query(then, [personId]);
  await tx.query('COMMIT');
  return outcome;
}

describe('S99 a link to a new address', () => {
  it('takes effect where nothing secures the account meanwhile', async () => {
    const token = await asked('free@elsewhere.example');
    expect(await confirmEmailChange(pool, { token })).toMatchObject({ email: 'free@elsewhere.example' });
  });

  it.each([
    ['being disabled', "UPDATE directory.person SET status = 'disabled' WHERE id = $1"],
    ['a new password', 'UPDATE credentials.password SET hash = hash WHERE person_id = $1'],
  ])('waits for %s that is being committed, and then is dead, whichever comes to the change first', async (_, act) => {
    const before = await emailNow();
    const token = await asked('thief@elsewhere.example');
    const forget = 'DELETE FROM credentials.email_change WHERE person_id = $1';
    expect(await confirmDuring(token, act, forget)).toMatchObject({ code: 'link_unusable' });
    expect(await emailNow()).toBe(before);
    await db.owner.query("UPDATE directory.person SET status = 'active' WHERE id = $1", [personId]);
  });

  it('waits even where the change itself is left', async () => {
    const before = await emailNow();
    const token = await asked('thief@elsewhere.example');
    const disable = "UPDATE directory.person SET status = 'disabled' WHERE id = $1";
    expect(await confirmDuring(token, disable, 'SELECT $1::uuid')).toMatchObject({ code: 'link_unusable' });
    expect(await emailNow()).toBe(before);
    await db.owner.query("UPDATE directory.person SET status = 'active' WHERE id = $1", [personId]);
  });
});

describe('S99 a link to set a password', () => {
  const ask = () => requestReset(pool, { login: 'tomas.reyes', address: '203.0.113.1' });

  it('goes to the address that the person has when it is made, not when it was asked for', async () => {
    const makeLink = await ask();
    await db.owner.query("UPDATE directory.person SET email = 'new@elsewhere.example' WHERE id = $1", [personId]);
    expect(await makeLink()).toMatchObject({ personId, email: 'new@elsewhere.example' });
  });

  it('is not made for whoever has been disabled since', async () => {
    const makeLink = await ask();
    await db.owner.query("UPDATE directory.person SET status = 'disabled' WHERE id = $1", [personId]);
    expect(await makeLink()).toBeUndefined();
    await db.owner.query("UPDATE directory.person SET status = 'active' WHERE id = $1", [personId]);
    expect(await makeLink()).toMatchObject({ personId });
  });
});
