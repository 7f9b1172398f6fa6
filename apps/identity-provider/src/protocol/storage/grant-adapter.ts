import Provider, { type AdapterPayload } from 'oidc-provider';
import type { Pool } from 'pg';
import { idHash, restorePayload, storedPayload } from './payload.ts';
import { requestUnit } from './request-unit.ts';
import { StateAdapter } from './state-adapter.ts';

/** What a person has granted a client within one provider session. */
export class GrantAdapter extends StateAdapter {
  constructor(pool: Pool) {
    super('Grant', pool);
  }

  override async find(id: string): Promise<AdapterPayload | undefined> {
    const { grant } = requestUnit();
    return grant?.id === id ? restorePayload(id, grant.payload) : super.find(id);
  }

  /** While an authorization request is answered the grant waits, to be written by the statement that issues the code. */
  override async upsert(id: string, payload: AdapterPayload, expiresIn?: number): Promise<void> {
    if (Provider.ctx?.oidc.session) requestUnit().grantToWrite = { id, payload: storedPayload(id, payload) };
    else await super.upsert(id, payload, expiresIn);
  }

  protected override row(id: string, payload: AdapterPayload, expiresIn: number | undefined): unknown[] {
    return super.row(id, { ...payload, grantId: id }, expiresIn);
  }

  /** A sign-in does not outlive its grant; the next authorization request makes new ones of both. */
  override async destroy(id: string): Promise<void> {
    await this.pool.query({
      name: 'grant.destroy',
      text: `WITH gone AS (DELETE FROM protocol.state WHERE model = 'Grant' AND id_hash = $1)
             UPDATE app_sessions.sign_in SET ended_at = now(), end_reason = 'grant_revoked'
             WHERE grant_id = $2 AND ended_at IS NULL`,
      values: [idHash(id), id],
    });
  }
}
