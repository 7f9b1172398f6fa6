import { record } from '@gatehouse/audit';
import type { Pool } from 'pg';
import { AccountsError } from '../errors.ts';
import { findLink, takeLink } from '../one-time-links.ts';
import type { Origin } from '../origin.ts';
import { endSessions } from '../sessions/end-sessions.ts';
import { lockPerson } from '../sign-in/proof.ts';
import { inTransaction } from '../transaction.ts';
import type { PasswordHasher } from './hasher.ts';
import { acceptPassword, storePassword } from './store-password.ts';

export interface SetPasswordDependencies {
  pool: Pool;
  hasher: PasswordHasher;
}

export interface PasswordByLink extends Origin {
  token: string;
  password: string;
  /**
   * Throws unless whoever has the link shows what else the person has (`confirmByFactor`). Asked once the password is
   * known to be good, because a code works once.
   */
  confirm: (personId: string) => Promise<void>;
}

/**
 * Sets the password of the person whom a one-time link was made for. The link is used up, every other link of theirs
 * dies, and every session of theirs ends, in one transaction. A refused password leaves the link as it was.
 *
 * @throws {AccountsError} `link_unusable`, `password_refused`, `busy`, and what `confirm` throws
 */
export async function setPasswordByLink(
  { pool, hasher }: SetPasswordDependencies,
  { token, password, confirm, ...origin }: PasswordByLink,
): Promise<{ personId: string }> {
  const link = await findLink(pool, token);
  if (link === undefined) throw new AccountsError('link_unusable', 'The link has been used or has expired');
  const accepted = await acceptPassword(pool, link.personId, password);
  await confirm(link.personId);
  const hash = await hasher.hash(accepted);
  return inTransaction(pool, async (tx) => {
    await lockPerson(tx, link.personId);
    const { personId } = await takeLink(tx, token);
    await storePassword(tx, personId, hash);
    await endSessions(tx, { personId }, { reason: 'password_changed', actorPersonId: personId, ...origin });
    await record(tx, { type: 'password.set', actorPersonId: personId, subjectPersonId: personId, ...origin });
    return { personId };
  });
}
