import { record } from '@gatehouse/audit';
import type { Pool } from 'pg';
import { AccountsError } from '../errors.ts';
import type { Origin } from '../origin.ts';
import { endSessions } from '../sessions/end-sessions.ts';
import type { Receipt } from '../sessions/receipt.ts';
import type { KnownDevice } from '../sign-in/known-device.ts';
import { type AccountOwner, lockOwner } from '../sign-in/proof.ts';
import { forgetFailures, requireAllowed, type ThrottlePolicy, uncountAttempt } from '../sign-in/throttle.ts';
import { inTransaction } from '../transaction.ts';
import type { PasswordHasher } from './hasher.ts';
import { normalisePassword } from './normalise.ts';
import { acceptPassword, storePassword } from './store-password.ts';

export interface ChangePasswordDependencies {
  pool: Pool;
  hasher: PasswordHasher;
  throttle?: ThrottlePolicy | undefined;
}

export interface PasswordChange extends AccountOwner, Origin {
  /** The provider session in which the person asks for it; the only one that goes on. */
  sessionUid: string;
  currentPassword: string;
  newPassword: string;
  address: string;
  knownDevice?: KnownDevice | undefined;
}

/**
 * A signed-in person changes their password. The current one is asked for, and guessing it is throttled, apart from the
 * failures of strangers at the sign-in page. Every other session of theirs ends in the same transaction.
 *
 * @returns what became of the apps in the other sessions
 * @throws {AccountsError} `password_refused` (the new one), `credentials_wrong` (the current one), `throttled`, `busy`,
 *   `secured_meanwhile`: hashing takes long enough for that
 */
export async function changePassword(
  { pool, hasher, throttle }: ChangePasswordDependencies,
  { personId, moment, sessionUid, currentPassword, newPassword, knownDevice, ...origin }: PasswordChange,
): Promise<Receipt> {
  const attempt = {
    purpose: 'password change',
    account: personId,
    address: origin.address,
    knownDevice: knownDevice?.(personId),
  };
  await requireAllowed(pool, attempt, throttle);

  const current = normalisePassword(currentPassword);
  const known = await findHash(pool, personId);
  const matches =
    current !== undefined &&
    (await hasher.matches(known, current).catch(async (error: unknown) => {
      await uncountAttempt(pool, attempt);
      throw error;
    }));
  if (!matches) {
    const who = { actorPersonId: personId, subjectPersonId: personId };
    await record(pool, { ...origin, ...who, type: 'confirmation.failed', sessionUid, detail: { factor: 'password' } });
    throw new AccountsError('credentials_wrong', 'The current password is wrong');
  }
  await forgetFailures(pool, attempt);

  const accepted = await acceptPassword(pool, personId, newPassword);
  if (accepted === current)
    throw new AccountsError('password_refused', 'That is the password that you have now.', { fault: 'unchanged' });
  const hash = await hasher.hash(accepted);
  return inTransaction(pool, async (tx) => {
    await lockOwner(tx, { personId, moment });
    await storePassword(tx, personId, hash);
    const who = { actorPersonId: personId, ...origin };
    const receipt = await endSessions(tx, { personId, except: sessionUid }, { reason: 'password_changed', ...who });
    await record(tx, { ...who, type: 'password.set', subjectPersonId: personId, sessionUid });
    return receipt;
  });
}

async function findHash(pool: Pool, personId: string): Promise<string | undefined> {
  const { rows } = await pool.query<{ hash: string }>('SELECT hash FROM credentials.password WHERE person_id = $1', [
    personId,
  ]);
  return rows[0]?.hash;
}
