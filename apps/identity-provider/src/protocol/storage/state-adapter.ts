import type { Adapter, AdapterPayload } from 'oidc-provider';
import { errors } from 'oidc-provider';
import type { Pool } from 'pg';
import { expiryOf, idHash, restorePayload, storedPayload } from './payload.ts';

/** Rows deleted at once, so that no statement holds many locks for long. */
const BATCH = 500;

/**
 * Protocol state of one model in `protocol.state`, keyed by (model, SHA-256 of the id), so that an id of one kind is
 * nothing in the place of another. `find` returns consumed rows, because replay is recognised by them, and expired
 * ones, because the library judges expiry.
 */
export class StateAdapter implements Adapter {
  protected readonly model: string;
  protected readonly pool: Pool;

  constructor(model: string, pool: Pool) {
    this.model = model;
    this.pool = pool;
  }

  /** Never clears `consumed_at`: what was used once stays used. */
  async upsert(id: string, payload: AdapterPayload, expiresIn?: number): Promise<void> {
    await this.pool.query({
      name: 'state.upsert',
      text: `INSERT INTO protocol.state
               (model, id_hash, grant_id, session_uid, account_id, client_id, payload, expires_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, to_timestamp($8))
             ON CONFLICT (model, id_hash) DO UPDATE SET
               grant_id = EXCLUDED.grant_id, session_uid = EXCLUDED.session_uid, account_id = EXCLUDED.account_id,
               client_id = EXCLUDED.client_id, payload = EXCLUDED.payload, expires_at = EXCLUDED.expires_at`,
      values: this.row(id, payload, expiresIn),
    });
  }

  protected row(id: string, payload: AdapterPayload, expiresIn: number | undefined): unknown[] {
    return [
      this.model,
      idHash(id),
      payload.grantId ?? null,
      payload.sessionUid ?? null,
      payload.accountId ?? null,
      payload.clientId ?? null,
      JSON.stringify(storedPayload(id, payload)),
      expiryOf(payload, expiresIn),
    ];
  }

  async find(id: string): Promise<AdapterPayload | undefined> {
    const { rows } = await this.pool.query<{ payload: AdapterPayload; consumedAt: Date | null }>({
      name: 'state.find',
      text: `SELECT payload, consumed_at AS "consumedAt" FROM protocol.state
             WHERE model = $1 AND id_hash = $2 AND ended_at IS NULL`,
      values: [this.model, idHash(id)],
    });
    const [row] = rows;
    if (!row) return undefined;
    const payload = restorePayload(id, row.payload);
    return row.consumedAt ? { ...payload, consumed: Math.floor(+row.consumedAt / 1000) } : payload;
  }

  /**
   * Uses it up. Of any number at once, on however many instances, exactly one succeeds.
   *
   * @throws the error that fits the model when it was used already or is gone
   */
  async consume(id: string): Promise<void> {
    const { rowCount } = await this.pool.query({
      name: 'state.consume',
      text: `UPDATE protocol.state SET consumed_at = now()
             WHERE model = $1 AND id_hash = $2 AND consumed_at IS NULL AND ended_at IS NULL`,
      values: [this.model, idHash(id)],
    });
    if (rowCount === 0) throw alreadyUsed(this.model);
  }

  async destroy(id: string): Promise<void> {
    await this.remove(id);
  }

  protected async remove(id: string): Promise<boolean> {
    const { rowCount } = await this.pool.query({
      name: 'state.remove',
      text: 'DELETE FROM protocol.state WHERE model = $1 AND id_hash = $2',
      values: [this.model, idHash(id)],
    });
    return rowCount === 1;
  }

  /** Removes all that hangs on a grant, of every model; the grant itself is destroyed by its id. Repeatable. */
  async revokeByGrantId(grantId: string): Promise<void> {
    let removed: number;
    do {
      const { rowCount } = await this.pool.query({
        name: 'state.revoke',
        text: `DELETE FROM protocol.state WHERE (model, id_hash) IN (
                 SELECT model, id_hash FROM protocol.state WHERE grant_id = $1 AND model <> 'Grant' LIMIT $2)`,
        values: [grantId, BATCH],
      });
      removed = rowCount ?? 0;
    } while (removed === BATCH);
  }

  async findByUid(_uid: string): Promise<AdapterPayload | undefined> {
    return undefined;
  }

  async findByUserCode(_userCode: string): Promise<AdapterPayload | undefined> {
    return undefined;
  }
}

export function alreadyUsed(model: string): Error {
  return model === 'PushedAuthorizationRequest'
    ? new errors.InvalidRequestUri('request_uri is invalid, expired, or was already used')
    : new errors.InvalidGrant('already used');
}
