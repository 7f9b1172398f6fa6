import type { Pool } from 'pg';
import { createOneTimeLink } from '../one-time-links.ts';
import { accountKey, findAccount } from '../sign-in/find-account.ts';
import type { KnownDevice } from '../sign-in/known-device.ts';
import { lockPerson } from '../sign-in/proof.ts';
import { countAttempt, requireAllowed, type ThrottlePolicy } from '../sign-in/throttle.ts';
import { inTransaction } from '../transaction.ts';

/** How long a link to choose a new password works. */
export const resetMinutes = 30;

/**
 * Mails are capped, and nobody is refused for what others have asked in their name: three at once, then one in as long
 * as half a link lives, so that whoever may read the mailbox always has a link that works. Only a place that asks very
 * often has to wait.
 */
const policy: ThrottlePolicy = {
  account: { freeFailures: 3, firstWait: (resetMinutes / 2) * 60, longestWait: (resetMinutes / 2) * 60 },
  address: { freeFailures: 30, firstWait: 10, longestWait: 10 * 60 },
};

export interface RequestedReset {
  personId: string;
  name: string;
  email: string;
  token: string;
}

/**
 * Somebody says that they have forgotten their password, and names themself by login or e-mail address. The answer is
 * the same, after the same work, whether or not there is such a person and a mail goes out.
 *
 * @returns what makes the link, as a second step that the answer must not wait for, because it is only work for a
 *   person who exists; `undefined` where there is no active one, or enough mails have gone out
 * @throws {AccountsError} `throttled`, for the place alone
 */
export async function requestReset(
  pool: Pool,
  { login, address, knownDevice }: { login: string; address: string; knownDevice?: KnownDevice | undefined },
): Promise<() => Promise<RequestedReset | undefined>> {
  const account = await findAccount(pool, login);
  const device = account && knownDevice?.(account.personId);
  await requireAllowed(pool, { purpose: 'reset', address: device === undefined ? address : undefined }, policy);
  const mail = { purpose: 'reset mail', account: accountKey(account, login), knownDevice: device };
  const { allowed } = await countAttempt(pool, mail, policy);
  return async () => (account && allowed ? makeLinkOf(pool, account.personId) : undefined);
}

/** The link and the address that it goes to are of one moment: nobody gets it at an address that was given up. */
function makeLinkOf(pool: Pool, personId: string): Promise<RequestedReset | undefined> {
  return inTransaction(pool, async (tx) => {
    await lockPerson(tx, personId);
    const { rows } = await tx.query<Pick<RequestedReset, 'name' | 'email'>>(
      `SELECT name, email FROM directory.person WHERE id = $1 AND status = 'active'`,
      [personId],
    );
    if (!rows[0]) return undefined;
    const token = await createOneTimeLink(tx, { personId, purpose: 'reset', lifetime: resetMinutes * 60 });
    return { personId, ...rows[0], token };
  });
}
