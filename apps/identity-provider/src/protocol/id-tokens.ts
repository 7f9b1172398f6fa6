import type Provider from 'oidc-provider';
import { errors, type KoaContextWithOIDC } from 'oidc-provider';
import type { Pool } from 'pg';
import { startSignIn } from './storage/hop.ts';
import { requestUnit } from './storage/request-unit.ts';
import { signInOfRequest } from './storage/sign-in-of-request.ts';

/**
 * Adds claims of an organisation's own to every ID token. Hooks run in the order of their list, each seeing what those
 * before it added. What the token says already stays as it is. One that throws makes the request end in `server_error`,
 * without a token and with an event in the audit.
 */
export type IdTokenHook = (token: {
  claims: Readonly<Record<string, unknown>>;
  clientId: string;
  /** Space separated. */
  scope: string;
}) => Promise<Record<string, unknown>> | Record<string, unknown>;

/** What the library's types leave out. */
interface IssuedIdToken {
  client?: { clientId: string; id_token_claims?: unknown };
  ctx?: KoaContextWithOIDC;
  scope: string;
  extra: { sid?: string };
  payload(): Promise<Record<string, unknown>>;
  /** Other kinds of token are made by the same class. */
  issue(options: { use: 'idtoken' | 'logout' | 'userinfo' }): Promise<string>;
}

/**
 * What the library leaves to others, done before an ID token is signed:
 *
 * - One that comes without a code (response type `id_token`) has its sign-in written first, which else comes with the
 *   code; otherwise ending the session would not reach the app.
 * - With an access token beside it, an ID token says no more than `sub`, and userinfo the rest (OpenID Connect Core 1.0
 *   section 5.4). A client that never asks userinfo can be registered to have the claims in its ID token too.
 * - The organisation's own hooks.
 */
export function completeIdTokens(provider: Provider, pool: Pool, hooks: readonly IdTokenHook[]): void {
  const prototype = provider.IdToken.prototype as unknown as IssuedIdToken;
  const { payload, issue } = prototype;
  const idTokens = new WeakSet<IssuedIdToken>();
  prototype.issue = function remember(this: IssuedIdToken, options) {
    if (options.use === 'idtoken') idTokens.add(this);
    return issue.call(this, options);
  };
  prototype.payload = async function complete(this: IssuedIdToken) {
    const { ctx, client } = this;
    if (ctx && isAlone(ctx)) this.extra.sid = await writeSignIn(pool, ctx);
    const scope = ctx && requestUnit(ctx).idTokenScope;
    if (scope !== undefined && client?.id_token_claims === true) this.scope = scope;
    let claims = await payload.call(this);
    for (const hook of idTokens.has(this) ? hooks : []) {
      const added = await hook({ claims, clientId: client?.clientId ?? '', scope: scope ?? '' });
      claims = { ...added, ...claims };
    }
    return claims;
  };
}

const isAlone = ({ oidc }: KoaContextWithOIDC) =>
  oidc.params?.response_type === 'id_token' && (oidc.route === 'authorization' || oidc.route === 'resume');

async function writeSignIn(pool: Pool, { oidc }: KoaContextWithOIDC): Promise<string> {
  const clientId = oidc.client?.clientId ?? '';
  const signIn = await startSignIn(pool, signInOfRequest({ clientId, grantId: oidc.grant?.jti }));
  if (!signIn) throw new errors.LoginRequired('the session has ended');
  return signIn.sid;
}
