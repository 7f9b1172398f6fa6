import { createTestDatabase, type TestDatabase } from '@gatehouse/test-kit';
import type { Pool } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { poolOf, startSession } from '../../testing/fixtures.ts';
import { createOneTimeLink } from '../one-time-links.ts';
import { endSessions } from '../sessions/end-sessions.ts';
import { authenticate } from '../sign-in/authenticate.ts';
import { changePassword } from './change-password.ts';
import { createPasswordHasher } from './hasher.ts';
import { setPasswordByLink } from './set-password.ts';

const hasher = createPasswordHasher();
const [before, owners, thiefs] = [
  'seven quiet otters dancing',
  'correct horse battery staple',
  'nine loud herons sleep',
];

let db: TestDatabase;
let pool: Pool;
let personId: string;
beforeAll(async () => {
  db = await createTestDatabase();
  pool = poolOf(db, 'identity-provider');
  personId = await db.personId('tomas.reyes');
});
afterAll(async () => {
  await pool.end();
  await db.close();
});

const byLink = async (password: string) => {
  const token = await createOneTimeLink(pool, { personId, purpose: 'reset' });
  await setPasswordByLink({ pool, hasher }, { token, password, confirm: async () => {} });
};
const signsIn = (password: string) =>
  authenticate({ pool, hasher }, { login: 'tomas.reyes', password, address: '203.0.113.7' });

/**
 * Changes the password from what it is, `before`; `meanwhile` happens after that was shown and before it is replaced.
 */
async function change(meanwhile: () => Promise<unknown>): Promise<unknown> {
  await byLink(before);
  const { sessionUid } = await startSession(db.owner, personId, []);
  const slow = {
    ...hasher,
    hash: async (password: string) => {
      await meanwhile();
      return hasher.hash(password);
    },
  };
  const asked = {
    ...(await db.owns(personId)),
    sessionUid,
    currentPassword: before,
    newPassword: thiefs,
    address: '203.0.113.7',
  };
  return changePassword({ pool, hasher: slow }, asked);
}

describe('S99 a change of password while the account is secured', () => {
  it('takes effect where nothing happens meanwhile', async () => {
    await change(async () => {});
    expect(await signsIn(thiefs)).toMatchObject({ personId });
  });

  it('does not replace the password that a link has set meanwhile', async () => {
    await expect(change(() => byLink(owners))).rejects.toMatchObject({ code: 'secured_meanwhile' });
    expect(await signsIn(owners)).toMatchObject({ personId });
    await expect(signsIn(thiefs)).rejects.toMatchObject({ code: 'credentials_wrong' });
  });

  it('changes nothing once every session has been ended', async () => {
    const ended = () => endSessions(pool, { personId }, { reason: 'ended_elsewhere', actorPersonId: personId });
    await expect(change(ended)).rejects.toMatchObject({ code: 'secured_meanwhile' });
    expect(await signsIn(before)).toMatchObject({ personId });
  });
});
