import type { Pool } from 'pg';

export const states = ['waiting', 'failing', 'told', 'over'] as const;

/**
 * - `waiting` due, and not tried yet
 * - `failing` tried without success, and tried again
 * - `told` the app has taken it
 * - `over` given up, because the session would have ended by itself
 */
export type DeliveryState = (typeof states)[number];

export interface Delivery {
  id: string;
  clientId: string;
  app: string;
  /** The client is not registered any more. */
  removed: boolean;
  personId: string;
  person: string;
  state: DeliveryState;
  attempts: number;
  lastError: string | null;
  createdAt: Date;
  nextAttemptAt: Date;
  deliveredAt: Date | null;
  /** When telling the app becomes pointless. */
  pointlessAt: Date;
}

export interface DeliveryFilter {
  state?: DeliveryState | undefined;
  clientId?: string | undefined;
  personId?: string | undefined;
}

const deliveries = `
  (SELECT d.*, CASE WHEN d.delivered_at IS NOT NULL THEN 'told' WHEN d.pointless_at <= now() THEN 'over'
                    WHEN d.last_error IS NOT NULL THEN 'failing' ELSE 'waiting' END AS state
   FROM protocol.logout_delivery d) d`;

const matches = `($1::text IS NULL OR d.state = $1) AND ($2::text IS NULL OR d.client_id = $2)
  AND ($3::uuid IS NULL OR d.person_id = $3::uuid)`;

const values = ({ state, clientId, personId }: DeliveryFilter) => [state ?? null, clientId ?? null, personId ?? null];

/** What apps elsewhere have to be told of sign-outs, the latest first. Kept for a week after it is over. */
export async function listDeliveries(
  pool: Pool,
  filter: DeliveryFilter,
  { limit, offset }: { limit: number; offset: number },
): Promise<Delivery[]> {
  const { rows } = await pool.query<Delivery>(
    `SELECT d.id, d.client_id AS "clientId", coalesce(a.title, x.title, d.client_id) AS app,
            a.client_id IS NULL AS removed, d.person_id AS "personId", p.name AS person, d.state, d.attempts,
            d.last_error AS "lastError", d.created_at AS "createdAt", d.next_attempt_at AS "nextAttemptAt",
            d.delivered_at AS "deliveredAt", d.pointless_at AS "pointlessAt"
     FROM ${deliveries}
     JOIN directory.person p ON p.id = d.person_id
     LEFT JOIN directory.app a USING (client_id)
     LEFT JOIN protocol.removed_client x USING (client_id)
     WHERE ${matches} ORDER BY d.created_at DESC, d.id LIMIT $4 OFFSET $5`,
    [...values(filter), limit, offset],
  );
  return rows;
}

/** How many deliveries `listDeliveries` finds in all. */
export async function countDeliveries(pool: Pool, filter: DeliveryFilter): Promise<number> {
  const { rows } = await pool.query<{ count: number }>(
    `SELECT count(*)::int AS count FROM ${deliveries} WHERE ${matches}`,
    values(filter),
  );
  return rows[0]?.count ?? 0;
}

/** The apps of which there are deliveries. */
export async function appsWithDeliveries(pool: Pool): Promise<{ clientId: string; title: string }[]> {
  const { rows } = await pool.query<{ clientId: string; title: string }>(
    `SELECT DISTINCT client_id AS "clientId", coalesce(a.title, x.title, client_id) AS title
     FROM protocol.logout_delivery
     LEFT JOIN directory.app a USING (client_id)
     LEFT JOIN protocol.removed_client x USING (client_id)
     ORDER BY title`,
  );
  return rows;
}
