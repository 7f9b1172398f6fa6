import Provider, { type AdapterPayload, errors } from 'oidc-provider';
import type { Pool } from 'pg';
import { findCode, issueCode, type Redemption, redeemCode } from './hop.ts';
import { expiryOf, restorePayload, storedPayload } from './payload.ts';
import { requestUnit } from './request-unit.ts';
import { currentRequest, signInOfRequest } from './sign-in-of-request.ts';
import { alreadyUsed, StateAdapter } from './state-adapter.ts';

/** Authorization codes, each issued and redeemed together with all that belongs to it. */
export class CodeAdapter extends StateAdapter {
  constructor(pool: Pool) {
    super('AuthorizationCode', pool);
  }

  override async upsert(id: string, payload: AdapterPayload, expiresIn?: number): Promise<void> {
    const issued = await issueCode(this.pool, {
      ...signInOfRequest(payload),
      id,
      payload: storedPayload(id, payload),
      codeExpiry: expiryOf(payload, expiresIn),
    });
    if (!issued) throw new errors.LoginRequired('the session has ended');
  }

  override async find(id: string): Promise<AdapterPayload | undefined> {
    const row = await findCode(this.pool, id);
    if (!row) return undefined;
    const unit = requestUnit();
    const { grantId, clientId } = row.code;
    if (row.grant && grantId) unit.grant = { id: grantId, payload: row.grant };
    if (row.session) {
      unit.session = { id: undefined, payload: { ...row.session, authorizations: row.authorizations ?? {} } };
    }
    if (row.code.resource !== undefined) unit.codeResource = row.code.resource;
    const { accountId: personId } = row.code;
    // Whether they may open the app, and by what, was decided when the code was issued, a minute ago at most.
    const decided = { mayOpen: row.active, secondFactorRequired: false, deviceRemembered: false };
    if (personId && clientId) unit.access = { personId, clientId, active: row.active, ...decided };
    const payload = restorePayload(id, row.code);
    return row.consumedAt ? { ...payload, consumed: Math.floor(+row.consumedAt / 1000) } : payload;
  }

  /** A code is used up by the statement that stores its access token. A JWT, for an API, is stored nowhere. */
  override async consume(id: string): Promise<void> {
    const unit = requestUnit();
    const api = Provider.ctx?.oidc.params?.resource ?? unit.codeResource;
    if (api === undefined) unit.codeToRedeem = id;
    else await redeem(this.pool, { codeId: id });
  }
}

/** Stores opaque access tokens, each together with the redemption of the code that it was issued for. */
export class AccessTokenAdapter extends StateAdapter {
  constructor(pool: Pool) {
    super('AccessToken', pool);
  }

  override async upsert(id: string, payload: AdapterPayload, expiresIn?: number): Promise<void> {
    const unit = requestUnit();
    const codeId = unit.codeToRedeem;
    if (codeId === undefined) return super.upsert(id, payload, expiresIn);
    await redeem(this.pool, { codeId, token: this.row(id, payload, expiresIn) });
    delete unit.codeToRedeem;
  }
}

async function redeem(pool: Pool, redemption: Omit<Redemption, 'requestId'>): Promise<void> {
  const { requestId } = currentRequest();
  if (!(await redeemCode(pool, { ...redemption, requestId }))) throw alreadyUsed('AuthorizationCode');
}
