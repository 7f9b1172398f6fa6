import { isDeepStrictEqual } from 'node:util';
import Provider, { type AdapterPayload, errors } from 'oidc-provider';
import type { Pool } from 'pg';
import { deviceTokenHash } from '../remembered-device.ts';
import { findSession, findSessionByUid } from './hop.ts';
import { expiryOf, idHash, storedPayload } from './payload.ts';
import { requestUnit } from './request-unit.ts';
import { StateAdapter } from './state-adapter.ts';

/**
 * Provider sessions: one row per `uid`, whatever id the cookie has at the moment.
 *
 * The library keeps in its session blob who is signed in where (`authorizations`) and writes the blob whole, so that
 * parallel requests forget each other's. Here the sign-ins are rows of their own, written with the code that they
 * belong to; the blob is stored without them and gets them back when it is read.
 */
export class SessionAdapter extends StateAdapter {
  constructor(pool: Pool) {
    super('Session', pool);
  }

  override async find(id: string): Promise<AdapterPayload | undefined> {
    const clientId = Provider.ctx?.query.client_id;
    const asked = typeof clientId === 'string' ? clientId : undefined;
    const row = await findSession(this.pool, id, asked, Provider.ctx && deviceTokenHash(Provider.ctx));
    if (!row) return undefined;
    const unit = requestUnit();
    const payload = { ...row.session, authorizations: row.authorizations ?? {} };
    unit.session = { id, payload };
    if (row.personId && asked) unit.access = { ...row, personId: row.personId, clientId: asked };
    return { ...payload, jti: id };
  }

  /** Without its id, which is not known: a session found this way is for reading, not for saving. */
  override async findByUid(uid: string): Promise<AdapterPayload | undefined> {
    const unit = requestUnit();
    if (unit.session?.payload.uid === uid) return unit.session.payload;
    const row = await findSessionByUid(this.pool, uid);
    if (!row) return undefined;
    const payload = { ...row.session, authorizations: row.authorizations ?? {} };
    unit.session = { id: undefined, payload };
    return payload;
  }

  /**
   * Replaces the id in the same statement when it was rotated. A session that ended meanwhile stays ended. The library
   * saves at every request; where nothing changed there is nothing to write, because a session's end does not slide.
   *
   * Where somebody signs in, their row is held while the session is stored, so that an act that secures their account
   * either ends the session or keeps it from being.
   *
   * @throws {errors.SessionNotFound} when the proof that they sign in by counts no longer
   */
  override async upsert(id: string, payload: AdapterPayload, expiresIn?: number): Promise<void> {
    const unit = requestUnit();
    const { authorizations: _, ...session } = storedPayload(id, payload);
    if (unit.session?.id === id && isDeepStrictEqual(lasting(unit.session.payload), lasting(session))) return;
    const proof = unit.proof?.personId === payload.accountId ? unit.proof : undefined;
    const { rowCount } = await this.pool.query({
      name: 'session.upsert',
      text: `WITH person AS (
               SELECT FROM directory.person WHERE id = $6 AND moment = $7 AND status = 'active' FOR SHARE
             )
             INSERT INTO protocol.state AS s (model, id_hash, uid, account_id, payload, expires_at)
             SELECT 'Session', $1, $2, $3, $4::jsonb, to_timestamp($5) WHERE $6::uuid IS NULL OR EXISTS (SELECT FROM person)
             ON CONFLICT (uid) WHERE model = 'Session' DO UPDATE SET
               id_hash = EXCLUDED.id_hash, account_id = EXCLUDED.account_id,
               payload = EXCLUDED.payload, expires_at = EXCLUDED.expires_at
             WHERE s.ended_at IS NULL`,
      values: [
        idHash(id),
        payload.uid,
        payload.accountId ?? null,
        JSON.stringify(session),
        expiryOf(payload, expiresIn),
        proof?.personId ?? null,
        proof?.moment ?? null,
      ],
    });
    if (rowCount === 0 && proof) throw new errors.SessionNotFound('what the person has shown counts no longer');
    unit.session = { id, payload: session };
  }

  /**
   * Nothing: the library only calls this when it rotates an id, and `upsert` replaces the id. Sessions are ended by
   * `endSessions`, which leaves a tombstone.
   */
  override async destroy(): Promise<void> {}
}

const lasting = ({ iat: _iat, exp: _exp, authorizations: _a, ...payload }: AdapterPayload) =>
  JSON.parse(JSON.stringify(payload)) as AdapterPayload;
