import { record } from '@gatehouse/audit';
import type { Pool, PoolClient } from 'pg';
import { AccountsError } from '../errors.ts';
import type { Origin } from '../origin.ts';
import { endSessions } from '../sessions/end-sessions.ts';
import type { Receipt } from '../sessions/receipt.ts';
import type { KnownDevice } from '../sign-in/known-device.ts';
import { lockPerson } from '../sign-in/proof.ts';
import { countAttempt, forgetFailures, type ThrottlePolicy, uncountAttempt } from '../sign-in/throttle.ts';
import { inTransaction } from '../transaction.ts';
import type { PasswordHasher } from './hasher.ts';
import { normalisePassword } from './normalise.ts';
import { acceptPassword, storePassword } from './store-password.ts';

export interface ChangePasswordDependencies {
  pool: Pool;
  hasher: PasswordHasher;
  throttle?: ThrottlePolicy | undefined;
}

export interface PasswordChange extends Origin {
  personId: string;
  /** The provider session in which the person asks for it; the only one that goes on. */
  sessionUid: string;
  currentPassword: string;
  newPassword: string;
  address: string;
  knownDevice?: KnownDevice | undefined;
}

/**
 * A signed-in person changes their password. The current one is asked for, and guessing it is throttled, apart from the
 * failures of strangers at the sign-in page. Every other session of theirs ends in the same transaction. Nothing changes
 * where something else has secured the account since the current one was read.
 *
 * @returns what became of the apps in the other sessions
 * @throws {AccountsError} `password_refused` (the new one), `credentials_wrong` (the current one), `throttled`, `busy`
 */
export async function changePassword(
  { pool, hasher, throttle }: ChangePasswordDependencies,
  { personId, sessionUid, currentPassword, newPassword, knownDevice, ...origin }: PasswordChange,
): Promise<Receipt> {
  const attempt = {
    purpose: 'password change',
    account: personId,
    address: origin.address,
    knownDevice: knownDevice?.(personId),
  };
  const verdict = await countAttempt(pool, attempt, throttle);
  if (!verdict.allowed) throw new AccountsError('throttled', 'Too many attempts', { retryAfter: verdict.retryAfter });

  const current = normalisePassword(currentPassword);
  const known = await findCurrent(pool, personId);
  const matches =
    current !== undefined &&
    (await hasher.matches(known?.hash, current).catch(async (error: unknown) => {
      await uncountAttempt(pool, attempt);
      throw error;
    }));
  if (!known || !matches) {
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
    await requireStill(tx, personId, known);
    await storePassword(tx, personId, hash);
    const who = { actorPersonId: personId, ...origin };
    const receipt = await endSessions(tx, { personId, except: sessionUid }, { reason: 'password_changed', ...who });
    await record(tx, { ...who, type: 'password.set', subjectPersonId: personId, sessionUid });
    return receipt;
  });
}

/** The current password, and the person's moment as it was read: see `Proof`. */
interface Current {
  hash: string;
  moment: number;
}

async function findCurrent(pool: Pool, personId: string): Promise<Current | undefined> {
  const { rows } = await pool.query<Current>(
    `SELECT w.hash, p.moment FROM credentials.password w JOIN directory.person p ON p.id = w.person_id
     WHERE w.person_id = $1`,
    [personId],
  );
  return rows[0];
}

/** Hashing takes long enough for the account to be secured meanwhile; then what was shown counts no longer. */
async function requireStill(tx: PoolClient, personId: string, { moment }: Current): Promise<void> {
  await lockPerson(tx, personId);
  const { rowCount } = await tx.query(
    `SELECT FROM directory.person WHERE id = $1 AND moment = $2 AND status = 'active'`,
    [personId, moment],
  );
  if (rowCount === 0) throw new AccountsError('credentials_wrong', 'The account was secured meanwhile');
}
