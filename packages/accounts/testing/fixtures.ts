import { randomUUID } from 'node:crypto';
import { sha256 } from '@gatehouse/encryption';
import type { TestDatabase } from '@gatehouse/test-kit';
import pg from 'pg';

/** A pool with an app's own database login, as its server has it. */
export const poolOf = (db: TestDatabase, clientId: string): pg.Pool => {
  const pool = new pg.Pool({ connectionString: db.urlFor(clientId) });
  pool.on('error', () => {});
  return pool;
};

export interface StartedSession {
  sessionUid: string;
  personId: string;
  /** The `sid` at each app. */
  sids: Record<string, string>;
}

/** A provider session with a sign-in, a grant and an access token for each app, as the provider writes them. */
export async function startSession(owner: pg.Pool, personId: string, clientIds: string[]): Promise<StartedSession> {
  const session: StartedSession = { sessionUid: randomUUID(), personId, sids: {} };
  const insert = `INSERT INTO protocol.state (model, id_hash, uid, grant_id, session_uid, account_id, client_id, payload, expires_at)
                  VALUES ($1, $2, $3, $4, $5, $6, $7, '{}', now() + interval '1 hour')`;
  await owner.query(insert, ['Session', sha256(randomUUID()), session.sessionUid, null, null, personId, null]);
  for (const clientId of clientIds) {
    const [grantId, sid] = [randomUUID(), randomUUID()];
    session.sids[clientId] = sid;
    await owner.query(insert, ['Grant', sha256(grantId), null, grantId, session.sessionUid, personId, clientId]);
    await owner.query(insert, [
      'AccessToken',
      sha256(randomUUID()),
      null,
      grantId,
      session.sessionUid,
      personId,
      clientId,
    ]);
    await owner.query(
      `INSERT INTO app_sessions.sign_in (session_uid, client_id, sid, grant_id, person_id, expires_at)
       VALUES ($1, $2, $3, $4, $5, now() + interval '1 hour')`,
      [session.sessionUid, clientId, sid, grantId, personId],
    );
  }
  return session;
}

/** What is left of a session: live provider sessions, live sign-ins, and rows of tokens and grants. */
export async function remains(owner: pg.Pool, { sessionUid }: StartedSession) {
  const { rows } = await owner.query(
    `SELECT
       (SELECT count(*)::int FROM protocol.state WHERE model = 'Session' AND uid = $1 AND ended_at IS NULL) AS sessions,
       (SELECT count(*)::int FROM app_sessions.sign_in WHERE session_uid = $1 AND ended_at IS NULL) AS "signIns",
       (SELECT count(*)::int FROM protocol.state WHERE session_uid = $1) AS tokens`,
    [sessionUid],
  );
  return rows[0] as { sessions: number; signIns: number; tokens: number };
}

/** An app elsewhere: registered, but without access to this database. */
export async function registerAppElsewhere(owner: pg.Pool, clientId: string): Promise<void> {
  await owner.query(
    `INSERT INTO directory.app (client_id, title, description, url, access, first_party, position)
     VALUES ($1, 'Library', 'Elsewhere', 'https://library.example', 'everyone', false, 500)`,
    [clientId],
  );
  await owner.query(
    `INSERT INTO protocol.client_registration (client_id, metadata, shares_database, updated_at) VALUES ($1, $2, false, now())`,
    [clientId, JSON.stringify({ backchannel_logout_uri: 'https://library.example/logout' })],
  );
}

/** The types of the audit events about a person, oldest first. */
export async function auditOf(
  owner: pg.Pool,
  personId: string,
): Promise<{ type: string; detail: Record<string, unknown> }[]> {
  const { rows } = await owner.query('SELECT type, detail FROM audit.event WHERE subject_person_id = $1 ORDER BY id', [
    personId,
  ]);
  return rows;
}
