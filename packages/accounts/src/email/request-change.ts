import { record } from '@gatehouse/audit';
import { normaliseEmail } from '@gatehouse/directory';
import { randomToken, sha256 } from '@gatehouse/encryption';
import type { Pool } from 'pg';
import { AccountsError } from '../errors.ts';
import type { Origin } from '../origin.ts';
import type { KnownDevice } from '../sign-in/known-device.ts';
import { type AccountOwner, lockOwner } from '../sign-in/proof.ts';
import { requireAllowed, type ThrottlePolicy } from '../sign-in/throttle.ts';
import { inTransaction } from '../transaction.ts';

/** How long the link that is sent to the new address works. */
export const emailChangeMinutes = 60;

/** Each request counts, because each sends a mail to an address that may be somebody else's. */
const policy: ThrottlePolicy = {
  account: { freeFailures: 3, firstWait: 60, longestWait: 60 * 60 },
  address: { freeFailures: 30, firstWait: 10, longestWait: 10 * 60 },
};

export interface EmailChange extends AccountOwner, Origin {
  /** The new address. */
  email: string;
  address: string;
  knownDevice?: KnownDevice | undefined;
}

export interface RequestedEmailChange {
  /** The new address, as it will stand. */
  email: string;
  /**
   * For the link to the new address. `undefined` where it is somebody's already, as address or login: then the change
   * waits like any other, which tells whoever asked nothing, and expires.
   */
  token: string | undefined;
}

/**
 * Keeps the address that a person wants to have, in place of an earlier wish. It takes effect when the link that is
 * sent there is used, and not before.
 *
 * @throws {AccountsError} `email_unchanged`, `throttled`, `secured_meanwhile`
 */
export async function requestEmailChange(
  pool: Pool,
  { personId, moment, email: typed, knownDevice, ...origin }: EmailChange,
): Promise<RequestedEmailChange> {
  const email = normaliseEmail(typed);
  const attempt = {
    purpose: 'email change',
    account: personId,
    address: origin.address,
    knownDevice: knownDevice?.(personId),
  };
  await requireAllowed(pool, attempt, policy);
  const token = randomToken();
  return inTransaction(pool, async (tx) => {
    await lockOwner(tx, { personId, moment });
    const { rows } = await tx.query<{ id: string; email: string }>(
      'SELECT id, email FROM directory.person WHERE email = $1 OR login = $1',
      [email],
    );
    const others = rows.filter(({ id }) => id !== personId);
    if (rows.some((row) => row.id === personId && row.email === email))
      throw new AccountsError('email_unchanged', 'That is the address already');
    await tx.query(
      `INSERT INTO credentials.email_change (person_id, token_hash, email, expires_at)
       VALUES ($1, $2, $3, now() + make_interval(mins => $4))
       ON CONFLICT (person_id) DO UPDATE SET token_hash = EXCLUDED.token_hash, email = EXCLUDED.email,
         created_at = now(), expires_at = EXCLUDED.expires_at`,
      [personId, sha256(token), email, emailChangeMinutes],
    );
    const who = { actorPersonId: personId, subjectPersonId: personId };
    await record(tx, { ...origin, ...who, type: 'email.change_requested', detail: { email } });
    return { email, token: others.length === 0 ? token : undefined };
  });
}
