import type { Pool } from 'pg';
import type { LogoutTarget } from '../store.ts';
import { run } from './run.ts';

/**
 * Ends the app's sessions of one sign-in or one person. Each sign-in also gets an ended row of its own, so that a
 * session which is just being made for it is refused.
 */
export async function endSessions(pool: Pool, clientId: string, { sid, sub }: LogoutTarget): Promise<void> {
  await run(pool, {
    name: 'end-sessions',
    text: `WITH target AS (
             SELECT client_id, sid, expires_at FROM app_sessions.sign_in
             WHERE client_id = $1 AND CASE WHEN $2::text IS NOT NULL THEN sid = $2 ELSE person_id::text = $3 END
           ), tombstone AS (
             INSERT INTO app_sessions.session (id_hash, client_id, sid, payload, expires_at, ended_at)
             SELECT sha256(convert_to('ended ' || client_id || ' ' || sid, 'UTF8')), client_id, sid, '', expires_at, now()
             FROM target
             ON CONFLICT DO NOTHING
           )
           UPDATE app_sessions.session s SET ended_at = now()
           FROM target
           WHERE s.client_id = target.client_id AND s.sid = target.sid AND s.ended_at IS NULL`,
    values: [clientId, sid ?? null, sub ?? null],
  });
}
