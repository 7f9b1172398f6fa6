import type Provider from 'oidc-provider';
import type { KoaContextWithOIDC } from 'oidc-provider';
import { requestUnit } from '../storage/request-unit.ts';

/** What the library's types leave out. */
interface IssuedIdToken {
  client?: { id_token_claims?: unknown };
  ctx?: KoaContextWithOIDC;
  scope: string;
  payload(): Promise<Record<string, unknown>>;
}

/**
 * With an access token beside it, an ID token says no more than `sub`, and userinfo the rest (OpenID Connect Core 1.0
 * section 5.4). A client that never asks userinfo can be registered to have the claims in its ID token too.
 */
export function fillIdTokens(provider: Provider): void {
  const prototype = provider.IdToken.prototype as unknown as IssuedIdToken;
  const { payload } = prototype;
  prototype.payload = function withClaims(this: IssuedIdToken) {
    const scope = this.ctx && requestUnit(this.ctx).idTokenScope;
    if (scope !== undefined && this.client?.id_token_claims === true) this.scope = scope;
    return payload.call(this);
  };
}
