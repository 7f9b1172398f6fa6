import type { JWTPayload } from 'jose';
import type Provider from 'oidc-provider';
import type { KoaContextWithOIDC } from 'oidc-provider';
import type { Pool } from 'pg';
import { apisOf, type Client } from './clients/summary.ts';
import { narrowedScope } from './narrowed-scope.ts';
import { verifyAccessToken } from './signing-keys/verify-access-token.ts';
import { tokenCounts } from './token-counts.ts';

/** Where an app of ours serves its API; its tokens name that as their audience. */
export const apiOf = ({ clientUri }: Pick<Client, 'clientUri'>): string | undefined => clientUri && `${clientUri}/api`;

type TokenAskedAbout = InstanceType<Provider['AccessToken' | 'ClientCredentials' | 'RefreshToken']>;

/**
 * A client learns of its own tokens, as long as they count (RFC 7662). One without a person rests on its registration.
 */
export async function mayIntrospect(pool: Pool, client: Client, token: TokenAskedAbout): Promise<boolean> {
  const { clientId, accountId, sessionUid: session } = token as Partial<InstanceType<Provider['AccessToken']>>;
  if (clientId !== client.clientId) return false;
  if (accountId === undefined) return client.grantTypes?.includes('client_credentials') === true;
  return tokenCounts(pool, { clientId, accountId, session });
}

/**
 * The tokens for APIs are JWTs, of which the library keeps nothing to be asked about. The client that they belong to
 * and the app whose API they are for may ask, and nobody else learns whether there is such a token.
 */
export function answerForApis(provider: Provider, pool: Pool): void {
  provider.use(async (ctx, next) => {
    await next();
    const { oidc } = ctx as Partial<KoaContextWithOIDC>;
    if (oidc?.route !== 'introspection' || !oidc.client) return;
    if (!isUnknown(ctx.body)) return narrow(ctx.body as IntrospectedToken, oidc.client, provider.issuer);
    const checks = { issuer: provider.issuer, requiredClaims: ['aud', 'sub', 'sid'] };
    const claims = await verifyAccessToken(pool, String(oidc.params?.token), checks);
    const known = claims && (await mayKnow(pool, oidc.client, claims));
    ctx.status = 200;
    // Bound to a key of its holder, it is good only together with a proof by that key (RFC 9449 section 6.2).
    const type = claims?.cnf === undefined ? 'Bearer' : 'DPoP';
    ctx.body = known ? { active: true, ...claims, token_type: type } : { active: false };
  });
}

interface IntrospectedToken {
  scope?: string;
}

/** Of the scopes that it was issued with, a token has those that its client may still have. */
function narrow(answer: IntrospectedToken, client: Client, issuer: string): void {
  if (answer.scope === undefined || client.scope === undefined) return;
  const registered = [client.scope, ...Object.values(apisOf(client, issuer)).flat()];
  answer.scope = narrowedScope(answer.scope, registered.join(' '));
}

/** What the library says of a token that it does not keep, and of a JWT, which it takes no look at. */
const isUnknown = (body: unknown): boolean => {
  const { active, error } = (body ?? {}) as { active?: boolean; error?: string };
  return active === false || error === 'unsupported_token_type';
};

async function mayKnow(pool: Pool, client: Client, { client_id, sub, sid, aud, scope }: JWTPayload): Promise<boolean> {
  const isTheirs = client_id === client.clientId || (client.first_party === true && aud === apiOf(client));
  if (!isTheirs || typeof aud !== 'string') return false;
  const about = { clientId: String(client_id), accountId: sub, session: String(sid), audience: aud };
  const scopes = String(scope ?? '').split(' ');
  const counted = await Promise.all(scopes.map((each) => tokenCounts(pool, { ...about, scope: each })));
  return counted.every(Boolean);
}
