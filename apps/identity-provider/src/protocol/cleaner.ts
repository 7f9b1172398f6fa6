import { type Job, type Logger, startJob } from '@gatehouse/web';
import type { Pool, PoolClient } from 'pg';

/** What may go from each table. Nothing that still counts is found by its condition, however late the cleaner runs. */
const LEFTOVERS: readonly { table: string; gone: string }[] = [
  { table: 'protocol.state', gone: `expires_at < now() - interval '1 hour'` },
  { table: 'protocol.session_origin', gone: `signed_in_at < now() - interval '7 days'` },
  { table: 'protocol.logout_delivery', gone: `least(delivered_at, pointless_at) < now() - interval '7 days'` },
  {
    table: 'protocol.removed_client',
    gone: 'NOT EXISTS (SELECT FROM protocol.logout_delivery d WHERE d.client_id = removed_client.client_id)',
  },
  { table: 'protocol.consent', gone: `expires_at < now() - interval '1 day'` },
  { table: 'app_sessions.login_taken', gone: 'expires_at < now()' },
  { table: 'app_sessions.logout_token_use', gone: 'expires_at < now()' },
  { table: 'app_sessions.session', gone: 'expires_at < now()' },
  { table: 'app_sessions.sign_in', gone: `expires_at < now() - interval '1 day'` },
  { table: 'credentials.pending_sign_in', gone: 'expires_at < now()' },
  { table: 'credentials.remembered_device', gone: 'expires_at < now()' },
  { table: 'credentials.email_change', gone: 'expires_at < now()' },
  { table: 'credentials.one_time_link', gone: `expires_at < now() - interval '30 days'` },
  { table: 'credentials.throttle', gone: `last_attempt_at < now() - interval '1 day'` },
];

const BATCH = 1000;

/** An instance that dies while it cleans leaves its turn to the others after this long. */
const TURN = "interval '5 minutes'";

/**
 * Ends what has run out and removes leftovers: small batches, never waiting for a row that somebody uses, and on one
 * instance at a time.
 *
 * @returns how many rows went; 0 where another instance is at it
 */
export async function clean(pool: Pool): Promise<number> {
  const client = await pool.connect();
  try {
    const { rowCount } = await client.query(
      `UPDATE protocol.turn SET held_until = now() + ${TURN} WHERE name = 'cleaner' AND held_until < now()`,
    );
    if (rowCount === 0) return 0;
    try {
      let removed = 0;
      await endExpiredSignIns(client);
      for (const { table, gone } of LEFTOVERS) removed += await empty(client, table, gone);
      return removed;
    } finally {
      await client.query(`UPDATE protocol.turn SET held_until = '-infinity' WHERE name = 'cleaner'`);
    }
  } finally {
    client.release();
  }
}

/** What has run out counts for nothing any more. Ending it tells apps elsewhere, whose own sessions may be longer. */
async function endExpiredSignIns(client: PoolClient): Promise<void> {
  let ended: number | null;
  do {
    ({ rowCount: ended } = await client.query(
      `UPDATE app_sessions.sign_in SET ended_at = expires_at, end_reason = 'expired'
       WHERE ctid = ANY (ARRAY(
         SELECT ctid FROM app_sessions.sign_in
         WHERE ended_at IS NULL AND expires_at < now() LIMIT ${BATCH} FOR UPDATE SKIP LOCKED))`,
    ));
  } while (ended === BATCH);
}

async function empty(client: PoolClient, table: string, gone: string): Promise<number> {
  let total = 0;
  let removed: number;
  do {
    const { rowCount } = await client.query(
      `DELETE FROM ${table} WHERE ctid = ANY (ARRAY(
         SELECT ctid FROM ${table} WHERE ${gone} LIMIT ${BATCH} FOR UPDATE SKIP LOCKED))`,
    );
    removed = rowCount ?? 0;
    total += removed;
  } while (removed === BATCH);
  return total;
}

/** Cleans about once a minute until it is stopped. */
export const startCleaner = (pool: Pool, log: Logger): Job =>
  startJob({ name: 'remove leftovers', everySeconds: 60, run: () => clean(pool), log });
