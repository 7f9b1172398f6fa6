import { record } from '@gatehouse/audit';
import type { Pool, PoolClient } from 'pg';
import { AccountsError } from '../errors.ts';
import { findLink, takeLink } from '../one-time-links.ts';
import type { Origin } from '../origin.ts';
import { endSessions } from '../sessions/end-sessions.ts';
import { inTransaction } from '../transaction.ts';
import type { PasswordHasher } from './hasher.ts';
import { requireGoodPassword } from './policy.ts';

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
  const hash = await hasher.hash(requireGoodPassword(password, await contextWords(pool, link.personId)));
  return inTransaction(pool, async (tx) => {
    const { personId } = await takeLink(tx, token);
    await storePassword(tx, personId, hash);
    await endSessions(tx, { personId }, { reason: 'password_changed', actorPersonId: personId, ...origin });
    await record(tx, { type: 'password.set', actorPersonId: personId, subjectPersonId: personId, ...origin });
    return { personId };
  });
}

async function storePassword(tx: PoolClient, personId: string, hash: string): Promise<void> {
  await tx.query(
    `INSERT INTO credentials.password (person_id, hash) VALUES ($1, $2)
     ON CONFLICT (person_id) DO UPDATE SET hash = excluded.hash, changed_at = now()`,
    [personId, hash],
  );
  await tx.query('DELETE FROM credentials.one_time_link WHERE person_id = $1 AND used_at IS NULL', [personId]);
}

/** Words that a guesser would try first for this person here. */
async function contextWords(pool: Pool, personId: string): Promise<string[]> {
  const { rows } = await pool.query<{ word: string }>(
    `SELECT unnest(ARRAY[name, login, split_part(email, '@', 1)]) AS word FROM directory.person WHERE id = $1
     UNION SELECT name FROM directory.organisation
     UNION SELECT name FROM directory.department
     UNION SELECT title FROM directory.app`,
    [personId],
  );
  return rows.map((row) => row.word);
}
