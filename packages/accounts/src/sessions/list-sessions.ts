import type { Pool } from 'pg';

export interface LiveSession {
  sessionUid: string;
  /** When the first app was opened in it; `null` while none was. */
  startedAt: Date | null;
  /** Its latest use, as far as the database login that asks may see: the provider sees it in every app. */
  lastSeenAt: Date | null;
  /** The browser in which it began, in words, and its network address. */
  device: string | null;
  address: string | null;
  /** When it is over at the latest. */
  expiresAt: Date;
  /** Titles of the apps that the person is signed in to within it. */
  apps: string[];
}

/** The live provider sessions of a person, the one that lasts longest first. */
export async function listSessions(pool: Pool, personId: string): Promise<LiveSession[]> {
  const { rows } = await pool.query<LiveSession>(
    `WITH session AS (
       SELECT uid, max(expires_at) AS expires_at FROM (
         SELECT uid, expires_at FROM protocol.state
         WHERE model = 'Session' AND account_id = $1 AND ended_at IS NULL AND expires_at > now()
         UNION ALL
         SELECT session_uid, expires_at FROM app_sessions.sign_in
         WHERE person_id = $1::uuid AND ended_at IS NULL AND expires_at > now()
       ) live GROUP BY uid
     )
     SELECT s.uid AS "sessionUid", min(i.started_at) AS "startedAt", s.expires_at AS "expiresAt",
            o.device AS "device", o.address,
            greatest(o.last_used_at, max(i.last_used_at), max(
              (SELECT max(a.last_seen_at) FROM app_sessions.session a
               WHERE a.client_id = i.client_id AND a.sid = i.sid))) AS "lastSeenAt",
            coalesce(array_agg(a.title ORDER BY i.started_at) FILTER (WHERE a.title IS NOT NULL), '{}') AS apps
     FROM session s
     LEFT JOIN app_sessions.sign_in i ON i.session_uid = s.uid AND i.ended_at IS NULL
     LEFT JOIN directory.app a ON a.client_id = i.client_id
     LEFT JOIN protocol.session_origin o ON o.session_uid = s.uid
     GROUP BY s.uid, s.expires_at, o.session_uid ORDER BY s.expires_at DESC`,
    [personId],
  );
  return rows;
}

export interface EndedSignInState {
  title: string;
  endedAt: Date;
  /** `ended`: out at that moment. `told`: an app elsewhere confirmed it. `pending`: being told, over by `by` anyway. */
  state: 'ended' | 'told' | 'pending';
  by: Date;
}

/** What became of the apps in the sessions of a person that ended within the last day, the latest first. */
export async function listEndedSignIns(pool: Pool, personId: string): Promise<EndedSignInState[]> {
  const { rows } = await pool.query<EndedSignInState>(
    `SELECT coalesce(a.title, x.title) AS title, i.ended_at AS "endedAt", i.expires_at AS by,
            CASE WHEN d.id IS NULL THEN 'ended' WHEN d.delivered_at IS NULL THEN 'pending' ELSE 'told' END AS state
     FROM app_sessions.sign_in i
     LEFT JOIN directory.app a USING (client_id)
     LEFT JOIN protocol.removed_client x USING (client_id)
     LEFT JOIN protocol.logout_delivery d USING (client_id, sid)
     WHERE i.person_id = $1 AND i.ended_at > now() - interval '1 day' AND coalesce(a.title, x.title) IS NOT NULL
     ORDER BY i.ended_at DESC, a.position LIMIT 20`,
    [personId],
  );
  return rows;
}
