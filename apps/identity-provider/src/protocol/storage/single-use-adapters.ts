import type { AdapterPayload } from 'oidc-provider';
import { errors } from 'oidc-provider';
import type { Pool } from 'pg';
import { idHash, restorePayload } from './payload.ts';
import { requestUnit } from './request-unit.ts';
import { StateAdapter } from './state-adapter.ts';

/**
 * Insert only: the library looks before it saves, and of two that saw nothing only one may save (RFC 7523 section 3).
 */
export class ReplayAdapter extends StateAdapter {
  constructor(pool: Pool) {
    super('ReplayDetection', pool);
  }

  override async upsert(id: string, payload: AdapterPayload, expiresIn?: number): Promise<void> {
    const { rowCount } = await this.pool.query({
      name: 'replay.insert',
      text: `INSERT INTO protocol.state
               (model, id_hash, grant_id, session_uid, account_id, client_id, payload, expires_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, to_timestamp($8))
             ON CONFLICT (model, id_hash) DO NOTHING`,
      values: this.row(id, payload, expiresIn),
    });
    if (rowCount === 0) throw new errors.InvalidClientAuth('client assertion tokens must only be used once');
  }
}

/** An interaction is resumed once: of two that resume it together, one finds it gone. */
export class InteractionAdapter extends StateAdapter {
  constructor(pool: Pool) {
    super('Interaction', pool);
  }

  /**
   * Without an answer by which nobody can sign in any more, because the account was secured since: then the person is
   * asked again.
   */
  override async find(id: string): Promise<AdapterPayload | undefined> {
    const { rows } = await this.pool.query<{ payload: AdapterPayload; counts: boolean }>({
      name: 'interaction.find',
      text: `SELECT s.payload, EXISTS (
               SELECT FROM directory.person p
               WHERE p.id = (s.payload#>>'{result,login,accountId}')::uuid AND p.status = 'active'
                 AND p.moment = (s.payload#>>'{result,login,moment}')::int) AS counts
             FROM protocol.state s WHERE s.model = 'Interaction' AND s.id_hash = $1 AND s.ended_at IS NULL`,
      values: [idHash(id)],
    });
    const [row] = rows;
    if (!row) return undefined;
    const payload = restorePayload(id, row.payload);
    const login = payload.result?.login as { accountId: string; moment: number } | undefined;
    if (!login) return payload;
    if (!row.counts) return { ...payload, result: undefined, lastSubmission: undefined };
    requestUnit().proof = { personId: login.accountId, moment: login.moment };
    return payload;
  }

  /** Without the grant that it began with: it goes on where somebody else signs in, which ends that grant. */
  protected override row(id: string, payload: AdapterPayload, expiresIn: number | undefined): unknown[] {
    return super.row(id, { ...payload, grantId: undefined }, expiresIn);
  }

  override async destroy(id: string): Promise<void> {
    if (!(await this.remove(id))) throw new errors.SessionNotFound('interaction session not found');
  }
}
