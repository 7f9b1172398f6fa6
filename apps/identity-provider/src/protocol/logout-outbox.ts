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
  /** What the client is registered for at this moment, or was when it was removed; in the names of RFC 7591. */
  receiver: LogoutReceiver | null;
}

export interface LogoutReceiver {
  backchannel_logout_uri?: string;
  backchannel_logout_session_required?: boolean;
  id_token_signed_response_alg?: 'ES256' | 'RS256';
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
           RETURNING id, session_uid AS "sessionUid", client_id AS "clientId", sid, person_id AS "personId", attempts,
             (SELECT metadata FROM protocol.client_registration r WHERE r.client_id = logout_delivery.client_id
              UNION ALL
              SELECT metadata FROM protocol.removed_client x WHERE x.client_id = logout_delivery.client_id
              LIMIT 1) AS receiver`,
    values: [limit, LEASE_SECONDS],
  });
  return rows;
}

/** In one statement with its audit event, because of many at once each counts. */
export async function markDelivered(pool: Pool, { id, ...delivery }: Delivery): Promise<void> {
  const { type, clientId, subjectPersonId, sessionUid, detail } = { ...eventOf(delivery), type: 'logout.delivered' };
  await pool.query({
    name: 'logout_delivery.delivered',
    text: `WITH delivered AS (
             UPDATE protocol.logout_delivery SET delivered_at = now(), locked_until = NULL, last_error = NULL
             WHERE id = $1)
           INSERT INTO audit.event (type, client_id, subject_person_id, session_uid, detail)
           VALUES ($2, $3, $4, $5, $6)`,
    values: [id, type, clientId, subjectPersonId, sessionUid, JSON.stringify(detail)],
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
      [id, seconds, inShort(error)],
    );
    await record(tx, { ...eventOf(delivery), type: 'logout.failed' });
  });
}

/** `fetch` says what went wrong in the cause of its error. */
function inShort({ message, cause }: Error): string {
  const { code, message: detail } = (cause ?? {}) as { code?: string; message?: string };
  return [message, code ?? detail].filter(Boolean).join(': ');
}

const eventOf = ({ clientId, personId, sessionUid, attempts }: Omit<Delivery, 'id'>) => ({
  clientId,
  subjectPersonId: personId,
  sessionUid,
  detail: { attempts },
});
