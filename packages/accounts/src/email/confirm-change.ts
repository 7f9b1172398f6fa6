import { record } from '@gatehouse/audit';
import { sha256 } from '@gatehouse/encryption';
import pg, { type Pool } from 'pg';
import { AccountsError } from '../errors.ts';
import type { Origin } from '../origin.ts';
import { lockPerson } from '../sign-in/proof.ts';
import { inTransaction } from '../transaction.ts';

export interface ConfirmedEmailChange {
  personId: string;
  name: string;
  /** The address before. */
  earlier: string;
  email: string;
}

/**
 * Uses the link that was sent to a new address up, and makes it the address of the person whom it was made for. Links
 * to set a password that went to the old address stop working. Of parallel uses exactly one succeeds.
 *
 * @throws {AccountsError} `link_unusable`: unknown, used, called off, expired, the person is disabled or was secured since,
 *   or somebody else has the address by now
 */
export async function confirmEmailChange(
  pool: Pool,
  { token, ...origin }: { token: string } & Origin,
): Promise<ConfirmedEmailChange> {
  try {
    return await inTransaction(pool, async (tx) => {
      // The person before the change, in the order in which a new password takes the two.
      const asked = await tx.query<{ personId: string }>(
        'SELECT person_id AS "personId" FROM credentials.email_change WHERE token_hash = $1',
        [sha256(token)],
      );
      if (asked.rows[0]) await lockPerson(tx, asked.rows[0].personId);
      const { rows } = await tx.query<ConfirmedEmailChange>(
        `WITH used AS (
           DELETE FROM credentials.email_change WHERE token_hash = $1 AND expires_at > now()
           RETURNING person_id, email, moment
         ), earlier AS (
           SELECT p.id, p.name, p.email AS address, used.email FROM used JOIN directory.person p ON p.id = used.person_id
           WHERE p.status = 'active' AND p.moment = used.moment
             AND NOT EXISTS (SELECT FROM directory.person other WHERE other.login = used.email AND other.id <> p.id)
         )
         UPDATE directory.person p SET email = earlier.email FROM earlier WHERE p.id = earlier.id
         RETURNING p.id AS "personId", p.name, earlier.address AS earlier, p.email`,
        [sha256(token)],
      );
      const change = rows[0];
      if (!change) throw new AccountsError('link_unusable', 'The link has been used or has expired');
      const { personId, earlier: from, email: to } = change;
      await tx.query('DELETE FROM credentials.one_time_link WHERE person_id = $1 AND used_at IS NULL', [personId]);
      const who = { actorPersonId: personId, subjectPersonId: personId };
      await record(tx, { ...origin, ...who, type: 'email.changed', detail: { from, to } });
      return change;
    });
  } catch (error) {
    if (!(error instanceof pg.DatabaseError) || error.code !== '23505') throw error;
    throw new AccountsError('link_unusable', "The address is somebody else's by now", { cause: error });
  }
}
