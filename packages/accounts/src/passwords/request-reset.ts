import type { Pool } from 'pg';
import { AccountsError } from '../errors.ts';
import { createOneTimeLink } from '../one-time-links.ts';
import { countAttempt, type ThrottlePolicy } from '../sign-in/throttle.ts';
import { normaliseLogin } from './normalise.ts';

/** How long a link to choose a new password works. */
export const resetMinutes = 30;

/** Each request counts, because each sends a mail to somebody who may not have asked for it. */
const policy: ThrottlePolicy = {
  account: { freeFailures: 3, firstWait: 60, longestWait: 60 * 60 },
  address: { freeFailures: 30, firstWait: 10, longestWait: 10 * 60 },
};

export interface RequestedReset {
  personId: string;
  name: string;
  email: string;
  token: string;
}

/**
 * Somebody says that they have forgotten their password, and names themself by login or e-mail address.
 *
 * @returns what makes the link, as a second step that the answer must not wait for, because it is only work for a
 *   person who exists; `undefined` where there is no active one
 * @throws {AccountsError} `throttled`, the same whether or not the person exists
 */
export async function requestReset(
  pool: Pool,
  { login: typed, address }: { login: string; address: string },
): Promise<() => Promise<RequestedReset | undefined>> {
  const login = normaliseLogin(typed);
  const verdict = await countAttempt(pool, { purpose: 'reset', login, address }, policy);
  if (!verdict.allowed) throw new AccountsError('throttled', 'Too many requests', { retryAfter: verdict.retryAfter });
  return async () => {
    const { rows } = await pool.query<Omit<RequestedReset, 'token'>>(
      `SELECT id AS "personId", name, email FROM directory.person
       WHERE (login = $1 OR email = $1) AND status = 'active' ORDER BY login = $1 DESC LIMIT 1`,
      [login],
    );
    const [person] = rows;
    if (!person) return undefined;
    const { personId } = person;
    const token = await createOneTimeLink(pool, { personId, purpose: 'reset', lifetime: resetMinutes * 60 });
    return { ...person, token };
  };
}
