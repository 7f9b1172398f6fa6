import Provider, { type AdapterPayload, errors } from 'oidc-provider';
import type { Pool } from 'pg';
import { startSignIn } from './hop.ts';
import { expiryOf, idHash, restorePayload, storedPayload } from './payload.ts';
import { signInOfRequest } from './sign-in-of-request.ts';
import { StateAdapter } from './state-adapter.ts';

const HANDLE = 'handle:';

/**
 * Device codes (RFC 8628). Only the device has the code itself; the person's browser finds its row by the user code and
 * goes on with a handle, the hash under which it is stored. At the token endpoint a handle is nothing.
 */
export class DeviceCodeAdapter extends StateAdapter {
  constructor(pool: Pool) {
    super('DeviceCode', pool);
  }

  /** Written anew once a person has let the device in: then together with the sign-in that its tokens hang on. */
  override async upsert(id: string, payload: AdapterPayload, expiresIn?: number): Promise<void> {
    const letIn = payload.accountId !== undefined && payload.error === undefined;
    const signIn = letIn ? await startSignIn(this.pool, signInOfRequest(payload)) : undefined;
    if (letIn && !signIn) throw new errors.LoginRequired('the session has ended');
    const stored = { ...storedPayload(id, payload), ...(signIn && { grantId: signIn.grantId, sid: signIn.sid }) };
    await this.pool.query({
      name: 'device_code.upsert',
      text: `INSERT INTO protocol.state
               (model, id_hash, user_code, grant_id, session_uid, account_id, client_id, payload, expires_at)
             VALUES ('DeviceCode', $1, $2, $3, $4, $5, $6, $7, to_timestamp($8))
             ON CONFLICT (model, id_hash) DO UPDATE SET
               grant_id = EXCLUDED.grant_id, session_uid = EXCLUDED.session_uid, account_id = EXCLUDED.account_id,
               payload = EXCLUDED.payload`,
      values: [
        hashOf(id),
        payload.userCode,
        stored.grantId ?? null,
        payload.sessionUid ?? null,
        payload.accountId ?? null,
        payload.clientId,
        JSON.stringify(stored),
        expiryOf(payload, expiresIn),
      ],
    });
  }

  override async find(id: string): Promise<AdapterPayload | undefined> {
    if (id.startsWith(HANDLE) && Provider.ctx?.oidc.route !== 'device_resume') return undefined;
    const { rows } = await this.pool.query<{ payload: AdapterPayload; consumedAt: Date | null }>({
      name: 'device_code.find',
      text: `SELECT payload, consumed_at AS "consumedAt" FROM protocol.state
             WHERE model = 'DeviceCode' AND id_hash = $1 AND ended_at IS NULL`,
      values: [hashOf(id)],
    });
    const [row] = rows;
    if (!row) return undefined;
    const payload = restorePayload(id, row.payload);
    return row.consumedAt ? { ...payload, consumed: Math.floor(+row.consumedAt / 1000) } : payload;
  }

  override async findByUserCode(userCode: string): Promise<AdapterPayload | undefined> {
    const { rows } = await this.pool.query<{ payload: AdapterPayload; hash: Buffer }>({
      name: 'device_code.find_by_user_code',
      text: `SELECT payload, id_hash AS hash FROM protocol.state
             WHERE model = 'DeviceCode' AND user_code = $1 AND consumed_at IS NULL AND ended_at IS NULL`,
      values: [userCode],
    });
    return rows[0] && restorePayload(HANDLE + rows[0].hash.toString('base64url'), rows[0].payload);
  }
}

const hashOf = (id: string): Buffer =>
  id.startsWith(HANDLE) ? Buffer.from(id.slice(HANDLE.length), 'base64url') : idHash(id);
