import { record } from '@gatehouse/audit';
import { sha256 } from '@gatehouse/encryption';
import type { Pool } from 'pg';
import type { Origin } from '../origin.ts';
import { inTransaction } from '../transaction.ts';

export interface PendingEmailChange {
  /** The new address. */
  email: string;
  expiresAt: Date;
}

/** The address that a person has asked for and not confirmed yet. */
export async function findEmailChange(pool: Pool, personId: string): Promise<PendingEmailChange | undefined> {
  const { rows } = await pool.query<PendingEmailChange>(
    `SELECT c.email, c.expires_at AS "expiresAt"
     FROM credentials.email_change c JOIN directory.person p ON p.id = c.person_id AND p.moment = c.moment
     WHERE c.person_id = $1 AND c.expires_at > now()`,
    [personId],
  );
  return rows[0];
}

/** To which address a link leads, without using it up: mail scanners open links too. */
export async function findEmailChangeByToken(pool: Pool, token: string): Promise<string | undefined> {
  const { rows } = await pool.query<{ email: string }>(
    `SELECT c.email FROM credentials.email_change c
     JOIN directory.person p ON p.id = c.person_id AND p.status = 'active' AND p.moment = c.moment
     WHERE c.token_hash = $1 AND c.expires_at > now()`,
    [sha256(token)],
  );
  return rows[0]?.email;
}

/** The link stops working. @returns whether a change was pending */
export function cancelEmailChange(
  pool: Pool,
  { personId, ...origin }: { personId: string } & Origin,
): Promise<boolean> {
  return inTransaction(pool, async (tx) => {
    const { rows } = await tx.query<{ email: string }>(
      'DELETE FROM credentials.email_change WHERE person_id = $1 RETURNING email',
      [personId],
    );
    if (!rows[0]) return false;
    const who = { actorPersonId: personId, subjectPersonId: personId };
    await record(tx, { ...origin, ...who, type: 'email.change_cancelled', detail: { email: rows[0].email } });
    return true;
  });
}
