import { record, recordRefusal } from '@gatehouse/audit';
import { addressBlocks } from '@gatehouse/web';
import type { Pool } from 'pg';
import { AccountsError } from '../errors.ts';
import type { Origin } from '../origin.ts';
import type { PasswordHasher, Place } from '../passwords/hasher.ts';
import { normalisePassword } from '../passwords/normalise.ts';
import { accountKey, findAccount } from './find-account.ts';
import type { KnownDevice } from './known-device.ts';
import type { Proof } from './proof.ts';
import { forgetFailures, requireAllowed, type ThrottlePolicy, uncountAttempt } from './throttle.ts';

export interface AuthenticateDependencies {
  pool: Pool;
  hasher: PasswordHasher;
  throttle?: ThrottlePolicy | undefined;
}

export interface Credentials extends Origin {
  /** The login or the e-mail address, as it was typed. */
  login: string;
  password: string;
  address: string;
  /** The browser in words, such as "Firefox on Windows". */
  device?: string | undefined;
  knownDevice?: KnownDevice | undefined;
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
  { login, password, knownDevice, device: browser, ...origin }: Credentials,
): Promise<Proof> {
  const account = await findAccount(pool, login);
  const { address } = origin;
  const device = account && knownDevice?.(account.personId);
  const attempt = { account: accountKey(account, login), address, knownDevice: device };
  const verdict = await requireAllowed(pool, attempt, throttle);

  const from = { block: addressBlocks(address).at(-1) ?? '', known: device !== undefined };
  const matches = await passwordMatches(hasher, account?.hash, password, from).catch(async (error: unknown) => {
    await uncountAttempt(pool, attempt);
    throw error;
  });
  if (account === undefined || !matches || account.status !== 'active') {
    const reason =
      account === undefined ? 'unknown' : account.hash === null ? 'no_password' : matches ? 'disabled' : 'wrong';
    const write = account === undefined ? recordRefusal : record;
    await write(pool, {
      ...origin,
      type: 'sign_in.failed',
      subjectPersonId: account?.personId,
      detail: { reason, device: browser },
    });
    if (verdict.waitBegins) {
      await write(pool, { ...origin, type: 'sign_in.throttled', subjectPersonId: account?.personId });
    }
    throw new AccountsError('credentials_wrong', 'The login or the password is wrong');
  }

  await forgetFailures(pool, attempt);
  const { personId, moment, provedAt } = account;
  return { personId, amr: ['pwd'], moment, provedAt };
}

/** What cannot be a password is not hashed, whoever it is tried for. */
async function passwordMatches(
  hasher: PasswordHasher,
  stored: string | null | undefined,
  typed: string,
  from: Place,
): Promise<boolean> {
  const password = normalisePassword(typed);
  return password !== undefined && hasher.matches(stored, password, from);
}
