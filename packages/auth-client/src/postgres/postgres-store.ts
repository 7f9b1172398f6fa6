import { createSealer, sha256 } from '@gatehouse/encryption';
import type { Pool } from 'pg';
import type { AuthStore, SessionData } from '../store.ts';
import { endSessions } from './end-sessions.ts';
import { loadSession } from './load-session.ts';
import { run } from './run.ts';

export interface PostgresStoreOptions {
  clientId: string;
  /** 32 random bytes in base64url: seals what the sessions carry. */
  sessionKey: string;
  /** How long an app session lives at most, in seconds. Default is 43 200 (12 hours). */
  lifetime?: number;
  /** How long an app session lives without a request, in seconds. Default is 3 600 (1 hour). */
  idle?: number;
}

/**
 * Keeps app sessions in the user database. An app session lives only while the provider's row of the sign-in does, and
 * takes person, roles and apps from the directory at each request, in one statement. Ids are stored as SHA-256, what
 * sessions carry is sealed.
 */
export function postgresStore(pool: Pool, options: PostgresStoreOptions): AuthStore {
  const { clientId, lifetime = 43_200, idle = 3_600 } = options;
  const sealer = createSealer(options.sessionKey);
  const sealSession = (idHash: Buffer, data: SessionData) => sealer.seal(JSON.stringify(data), sessionContext(idHash));

  return {
    knowsPeople: true,

    async ready() {
      await run(pool, { name: 'ready', text: 'SELECT FROM app_sessions.session LIMIT 1' });
    },

    async takeUpLogin(stateHash, expiresAt) {
      const { rowCount } = await run(pool, {
        name: 'take-up-login',
        text: 'INSERT INTO app_sessions.login_taken (state_hash, expires_at) VALUES ($1, $2) ON CONFLICT DO NOTHING',
        values: [stateHash, expiresAt],
      });
      return rowCount === 1;
    },

    async loadSession(id) {
      const idHash = sha256(id);
      const found = await loadSession(pool, idHash, clientId, idle);
      if (!found) return undefined;
      const { payload, auth, lastSeenAt } = found;
      const data = JSON.parse(sealer.open(payload, sessionContext(idHash)).toString()) as SessionData;
      return { data, auth, lastSeenAt };
    },

    async insertSession(id, data) {
      const idHash = sha256(id);
      const { rowCount } = await run(pool, {
        name: 'insert-session',
        text: `INSERT INTO app_sessions.session (id_hash, client_id, sid, payload, expires_at)
               SELECT $1, i.client_id, i.sid, $2, least(i.expires_at, now() + make_interval(secs => $3))
               FROM app_sessions.sign_in i
               WHERE i.client_id = $4 AND i.sid = $5 AND i.person_id::text = $6
                 AND i.ended_at IS NULL AND i.expires_at > now()
                 AND NOT EXISTS (
                   SELECT FROM app_sessions.session ended
                   WHERE ended.client_id = i.client_id AND ended.sid = i.sid AND ended.ended_at IS NOT NULL)`,
        values: [idHash, sealSession(idHash, data), lifetime, clientId, data.signIn.sid, data.signIn.sub],
      });
      return rowCount === 1;
    },

    async updateSession(id, data) {
      const idHash = sha256(id);
      await run(pool, {
        name: 'update-session',
        text: `UPDATE app_sessions.session SET payload = $2
               WHERE id_hash = $1 AND client_id = $3 AND ended_at IS NULL AND expires_at > now()`,
        values: [idHash, sealSession(idHash, data), clientId],
      });
    },

    async touchSession(id) {
      await run(pool, {
        name: 'touch-session',
        text: `UPDATE app_sessions.session SET last_seen_at = now()
               WHERE id_hash = $1 AND client_id = $2 AND ended_at IS NULL AND expires_at > now()`,
        values: [sha256(id), clientId],
      });
    },

    async removeSession(id) {
      await run(pool, {
        name: 'remove-session',
        text: 'SELECT app_sessions.remove_session($1)',
        values: [sha256(id)],
      });
    },

    endSessions: (target) => endSessions(pool, clientId, target),

    async useLogoutToken(jti, expiresAt) {
      const { rowCount } = await run(pool, {
        name: 'use-logout-token',
        text: `INSERT INTO app_sessions.logout_token_use (jti_hash, expires_at) VALUES ($1, $2)
               ON CONFLICT DO NOTHING`,
        values: [sha256(jti), expiresAt],
      });
      return rowCount === 1;
    },
  };
}

/** A sealed value opens only in the row it was sealed for. */
const sessionContext = (idHash: Buffer) => `session ${idHash.toString('hex')}`;
