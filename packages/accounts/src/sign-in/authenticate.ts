import { record } from '@gatehouse/audit';
import type { Pool } from 'pg';
import { AccountsError } from '../errors.ts';
import type { Origin } from '../origin.ts';
import type { PasswordHasher } from '../passwords/hasher.ts';
import { normaliseLogin, normalisePassword } from '../passwords/normalise.ts';
import { type Proof, proofColumns } from './proof.ts';
import { countAttempt, forgetFailures, type ThrottlePolicy, uncountAttempt } from './throttle.ts';

export interface AuthenticateDependencies {
  pool: Pool;
  hasher: PasswordHasher;
  throttle?: ThrottlePolicy | undefined;
}

export interface Credentials extends Origin {
  login: string;
  password: string;
  address: string;
  /** The browser in words, such as "Firefox on Windows". */
  device?: string | undefined;
  /** See `Attempt.knownDevice`. */
  knownDevice?: string | undefined;
}

/**
 * Whose login and password these are; a second factor may still be owed, so success is recorded by `recordSignIn`.
 * Unknown login, wrong password, disabled person and no password at all get the same answer after the same work; only
 * the audit knows which it was.
 *
 * @throws {AccountsError} `credentials_wrong`; `throttled` or `busy`, with `retryAfter`
 */
export async function authenticate(
  { pool, hasher, throttle }: AuthenticateDependencies,
  { login: typedLogin, password, knownDevice, device, ...origin }: Credentials,
): Promise<Proof> {
  const attempt = { login: normaliseLogin(typedLogin), address: origin.address, knownDevice };
  const verdict = await countAttempt(pool, attempt, throttle);
  if (!verdict.allowed) {
    throw new AccountsError('throttled', 'Too many attempts', { retryAfter: verdict.retryAfter });
  }

  const account = await findAccount(pool, attempt.login);
  const matches = await passwordMatches(hasher, account?.hash, password).catch(async (error: unknown) => {
    await uncountAttempt(pool, attempt);
    throw error;
  });
  if (account === undefined || !matches || account.status !== 'active') {
    const reason =
      account === undefined ? 'unknown' : account.hash === null ? 'no_password' : matches ? 'disabled' : 'wrong';
    await record(pool, {
      ...origin,
      type: 'sign_in.failed',
      subjectPersonId: account?.personId,
      detail: { reason, device },
    });
    if (verdict.waitBegins) {
      await record(pool, { ...origin, type: 'sign_in.throttled', subjectPersonId: account?.personId });
    }
    throw new AccountsError('credentials_wrong', 'The login or the password is wrong');
  }

  await forgetFailures(pool, attempt);
  const { personId, moment, provedAt } = account;
  return { personId, amr: ['pwd'], moment, provedAt };
}

interface Account extends Omit<Proof, 'amr'> {
  status: 'active' | 'disabled';
  hash: string | null;
}

async function findAccount(pool: Pool, login: string): Promise<Account | undefined> {
  const { rows } = await pool.query<Account>({
    name: 'accounts.find-account',
    text: `SELECT ${proofColumns}, p.status, w.hash
           FROM directory.person p LEFT JOIN credentials.password w ON w.person_id = p.id WHERE p.login = $1`,
    values: [login],
  });
  return rows[0];
}

/** What cannot be a password is not hashed, whoever it is tried for. */
async function passwordMatches(
  hasher: PasswordHasher,
  stored: string | null | undefined,
  typed: string,
): Promise<boolean> {
  const password = normalisePassword(typed);
  return password !== undefined && hasher.matches(stored, password);
}
