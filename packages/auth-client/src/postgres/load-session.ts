import type { Pool } from 'pg';
import type { Auth, OpenableApp } from '../auth.ts';
import { run } from './run.ts';

interface Row {
  payload: Buffer;
  sid: string;
  created_at: Date;
  last_seen_at: Date;
  expires_at: Date;
  id: string;
  name: string;
  email: string;
  login: string;
  roles: string[];
  apps: OpenableApp[] | null;
}

/**
 * All that a request needs to know, as it is at the database's now(). The only statement of ours on a request, so the
 * person's roles are worked out once: which apps they may open follows from them as in `directory.openable_app`.
 * Somebody who needs a second factor here by now and has shown none is found as little as somebody who is not signed
 * in.
 */
const statement = `
  WITH found AS MATERIALIZED (
    SELECT s.payload, s.sid, s.created_at, s.last_seen_at, least(s.expires_at, i.expires_at) AS expires_at,
           p.id, p.name, p.email, p.login, i.second_factor
    FROM app_sessions.session s
    JOIN app_sessions.sign_in i
      ON i.client_id = s.client_id AND i.sid = s.sid AND i.ended_at IS NULL AND i.expires_at > now()
    JOIN directory.person p ON p.id = i.person_id AND p.status = 'active'
    WHERE s.id_hash = $1 AND s.client_id = $2 AND s.ended_at IS NULL AND s.expires_at > now()
      AND s.last_seen_at > now() - make_interval(secs => $3)
  ), held AS MATERIALIZED (
    SELECT client_id, role FROM directory.effective_role WHERE person_id = (SELECT id FROM found)
  )
  SELECT found.*,
         ARRAY(SELECT role FROM held WHERE client_id = $2 ORDER BY role) AS roles,
         (SELECT json_agg(json_build_object('clientId', a.client_id, 'title', a.title, 'url', a.url)
                          ORDER BY a.position, a.title)
          FROM directory.app a
          WHERE a.url <> '' AND (a.access = 'everyone' OR a.client_id IN (SELECT client_id FROM held))) AS apps
  FROM found
  WHERE found.second_factor OR NOT directory.needs_second_factor(found.id, $2)`;

export interface FoundSession {
  payload: Buffer;
  auth: Auth;
  lastSeenAt: Date;
}

/** @param idle how long the session lives without a request, in seconds */
export async function loadSession(
  pool: Pool,
  idHash: Buffer,
  clientId: string,
  idle: number,
): Promise<FoundSession | undefined> {
  const { rows } = await run<Row>(pool, { name: 'load-session', text: statement, values: [idHash, clientId, idle] });
  const row = rows[0];
  if (!row) return undefined;
  const { payload, sid, id, name, email, login, roles } = row;
  const apps = row.apps ?? [];
  const mayOpen = apps.some((app) => app.clientId === clientId);
  const session = { sid, startedAt: row.created_at, expiresAt: row.expires_at };
  return {
    payload,
    lastSeenAt: row.last_seen_at,
    auth: { person: { id, name, email, login }, roles, apps, mayOpen, session },
  };
}
