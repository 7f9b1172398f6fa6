import { randomToken } from '@gatehouse/encryption';
import { inTransaction } from '@gatehouse/prisma/transaction';
import type { AdapterPayload } from 'oidc-provider';
import type { Pool } from 'pg';
import { idHash, restorePayload } from './payload.ts';
import { requestUnit } from './request-unit.ts';
import { alreadyUsed, StateAdapter } from './state-adapter.ts';

/** For so long the same client gets tokens again for one that it has used, because the answer may have been lost. */
const GRACE_SECONDS = 10;

/** The successor of a token was used, so the answer that brought it was not lost. */
const successorUsed = `EXISTS (
  SELECT FROM protocol.state later
  WHERE later.model = 'RefreshToken' AND later.uid = state.uid AND later.consumed_at > state.consumed_at
    AND NOT later.payload ? 'superseded')`;

const inGrace = `(state.consumed_at > now() - make_interval(secs => $2))`;

/**
 * Refresh tokens, in families: each is replaced by the next at its use. A client whose answer was lost on the way, or
 * two of its processes at once, may use one again within seconds and until its successor is used; of what it gets only
 * the newest lives on, so the family stays one. Any other token of the family that is used later ends the grant,
 * whoever has it (RFC 9700 section 4.14.2).
 */
export class RefreshTokenAdapter extends StateAdapter {
  constructor(pool: Pool) {
    super('RefreshToken', pool);
  }

  /**
   * A token that was used moments ago counts as unused, and one that was superseded moments ago is refused. Returned as
   * consumed, which ends the grant, is whatever is older.
   */
  override async find(id: string): Promise<AdapterPayload | undefined> {
    const { rows } = await this.pool.query<{ payload: AdapterPayload; family: string | null; usedAt: number | null }>({
      name: 'refresh_token.find',
      text: `SELECT payload, uid AS family,
                    CASE WHEN NOT ${inGrace} OR ${successorUsed} THEN extract(epoch FROM consumed_at)::int END AS "usedAt"
             FROM protocol.state WHERE model = 'RefreshToken' AND id_hash = $1 AND ended_at IS NULL
               AND NOT (payload ? 'superseded' AND ${inGrace})`,
      values: [idHash(id), GRACE_SECONDS],
    });
    const [row] = rows;
    if (!row) return undefined;
    if (row.family !== null) requestUnit().refreshFamily = row.family;
    const payload = restorePayload(id, row.payload);
    return row.usedAt === null ? payload : { ...payload, consumed: row.usedAt };
  }

  override async consume(id: string): Promise<void> {
    const { rowCount } = await this.pool.query({
      name: 'refresh_token.consume',
      text: `UPDATE protocol.state SET consumed_at = coalesce(consumed_at, now())
             WHERE model = 'RefreshToken' AND id_hash = $1 AND ended_at IS NULL
               AND NOT payload ? 'superseded' AND (consumed_at IS NULL OR ${inGrace} AND NOT ${successorUsed})`,
      values: [idHash(id), GRACE_SECONDS],
    });
    if (rowCount === 0) throw alreadyUsed(this.model);
  }

  /**
   * In place of the one before it in its family. Whoever replaces one at the same time waits, and then replaces this.
   */
  override async upsert(id: string, payload: AdapterPayload, expiresIn?: number): Promise<void> {
    const unit = requestUnit();
    const family = unit.refreshFamily ?? randomToken(16);
    await inTransaction(this.pool, async (tx) => {
      await tx.query("SELECT FROM protocol.state WHERE model = 'RefreshToken' AND uid = $1 FOR UPDATE", [family]);
      await tx.query(
        `UPDATE protocol.state SET consumed_at = now(), payload = payload || '{"superseded": true}'
         WHERE model = 'RefreshToken' AND uid = $1 AND consumed_at IS NULL`,
        [family],
      );
      await tx.query(
        `INSERT INTO protocol.state
           (model, id_hash, grant_id, session_uid, account_id, client_id, payload, expires_at, uid)
         VALUES ($1, $2, $3, $4, $5, $6, $7, to_timestamp($8), $9)`,
        [...this.row(id, payload, expiresIn), family],
      );
    });
  }
}
