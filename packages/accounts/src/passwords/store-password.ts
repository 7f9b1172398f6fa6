import type { Pool, PoolClient } from 'pg';
import { forgetDevices } from '../factors/remembered-devices.ts';
import { requireGoodPassword } from './policy.ts';

/**
 * A password that this person chose, as it will be hashed.
 * @throws {AccountsError} `password_refused`
 */
export async function acceptPassword(pool: Pool, personId: string, typed: string): Promise<string> {
  return requireGoodPassword(typed, await contextWords(pool, personId));
}

/** What was set going, or remembered, under the password before dies with it. */
export async function storePassword(tx: PoolClient, personId: string, hash: string): Promise<void> {
  await tx.query(
    `INSERT INTO credentials.password (person_id, hash) VALUES ($1, $2)
     ON CONFLICT (person_id) DO UPDATE SET hash = excluded.hash, changed_at = now()`,
    [personId, hash],
  );
  await tx.query('DELETE FROM credentials.one_time_link WHERE person_id = $1 AND used_at IS NULL', [personId]);
  await tx.query('DELETE FROM credentials.email_change WHERE person_id = $1', [personId]);
  await forgetDevices(tx, personId);
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
