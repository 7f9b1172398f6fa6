import { record } from '@gatehouse/audit';
import { inTransaction } from '@gatehouse/prisma/transaction';
import type { Pool } from 'pg';

/** Longer than a try may take (the library gives up after 2.5 s), so that no other instance tries meanwhile. */
const LEASE_SECONDS = 15;

export interface Delivery {
  id: string;
  sessionUid: string;
  clientId: string;
  sid: string;
  personId: string;
  attempts: number;
}

/** Leases up to `limit` deliveries that are due: nobody else gets them until the lease is over. */
export async function claimDeliveries(pool: Pool, limit: number): Promise<Delivery[]> {
  const { rows } = await pool.query<Delivery>({
    name: 'logout_delivery.claim',
    text: `UPDATE protocol.logout_delivery
           SET attempts = attempts + 1, locked_until = now() + make_interval(secs => $2)
           WHERE id IN (
             SELECT id FROM protocol.logout_delivery
             WHERE delivered_at IS NULL AND next_attempt_at <= now() AND pointless_at > now()
               AND (locked_until IS NULL OR locked_until < now())
             ORDER BY next_attempt_at LIMIT $1 FOR UPDATE SKIP LOCKED)
           RETURNING id, session_uid AS "sessionUid", client_id AS "clientId", sid, person_id AS "personId", attempts`,
    values: [limit, LEASE_SECONDS],
  });
  return rows;
}

export async function markDelivered(pool: Pool, { id, ...delivery }: Delivery): Promise<void> {
  await inTransaction(pool, async (tx) => {
    await tx.query(
      'UPDATE protocol.logout_delivery SET delivered_at = now(), locked_until = NULL, last_error = NULL WHERE id = $1',
      [id],
    );
    await record(tx, { ...eventOf(delivery), type: 'logout.delivered' });
  });
}

/** Due again in `seconds`. */
export async function markFailed(
  pool: Pool,
  { id, ...delivery }: Delivery,
  seconds: number,
  error: Error,
): Promise<void> {
  await inTransaction(pool, async (tx) => {
    await tx.query(
      `UPDATE protocol.logout_delivery
       SET next_attempt_at = now() + make_interval(secs => $2), locked_until = NULL, last_error = $3 WHERE id = $1`,
      [id, seconds, error.message],
    );
    await record(tx, { ...eventOf(delivery), type: 'logout.failed' });
  });
}

const eventOf = ({ clientId, personId, sessionUid, attempts }: Omit<Delivery, 'id'>) => ({
  clientId,
  subjectPersonId: personId,
  sessionUid,
  detail: { attempts },
});
