import { record } from '@gatehouse/audit';
import type { Pool } from 'pg';
import { AccountsError } from '../errors.ts';
import { findLink, takeLink } from '../one-time-links.ts';
import type { Origin } from '../origin.ts';
import { endSessions } from '../sessions/end-sessions.ts';
import { inTransaction } from '../transaction.ts';
import type { PasswordHasher } from './hasher.ts';
import { acceptPassword, storePassword } from './store-password.ts';

export interface SetPasswordDependencies {
  pool: Pool;
  hasher: PasswordHasher;
}

/**
 * Sets the password of the person whom a one-time link was made for. The link is used up, every other link of theirs
 * dies, and every session of theirs ends, in one transaction. A refused password leaves the link as it was.
 *
 * @throws {AccountsError} `link_unusable`, `password_refused`, `busy`
 */
export async function setPasswordByLink(
  { pool, hasher }: SetPasswordDependencies,
  { token, password, ...origin }: { token: string; password: string } & Origin,
): Promise<{ personId: string }> {
  const link = await findLink(pool, token);
  if (link === undefined) throw new AccountsError('link_unusable', 'The link has been used or has expired');
  const hash = await hasher.hash(await acceptPassword(pool, link.personId, password));
  return inTransaction(pool, async (tx) => {
    const { personId } = await takeLink(tx, token);
    await storePassword(tx, personId, hash);
    await endSessions(tx, { personId }, { reason: 'password_changed', actorPersonId: personId, ...origin });
    await record(tx, { type: 'password.set', actorPersonId: personId, subjectPersonId: personId, ...origin });
    return { personId };
  });
}
