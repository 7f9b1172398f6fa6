import { errors, type JWTHeaderParameters, type JWTPayload, jwtVerify } from 'jose';
import type Provider from 'oidc-provider';
import type { KoaContextWithOIDC } from 'oidc-provider';
import type { Pool } from 'pg';
import type { Client } from './clients/summary.ts';
import { publicKey } from './signing-keys/public-key.ts';
import { tokenCounts } from './token-counts.ts';

/** Where an app of ours serves its API; its tokens name that as their audience. */
export const apiOf = ({ clientUri }: Pick<Client, 'clientUri'>): string | undefined => clientUri && `${clientUri}/api`;

type TokenAskedAbout = InstanceType<Provider['AccessToken' | 'ClientCredentials' | 'RefreshToken']>;

/** A client learns of its own tokens, as long as they count (RFC 7662). */
export async function mayIntrospect(pool: Pool, client: Client, token: TokenAskedAbout): Promise<boolean> {
  const { clientId, accountId, sessionUid: session } = token as Partial<InstanceType<Provider['AccessToken']>>;
  if (clientId !== client.clientId) return false;
  return accountId === undefined || tokenCounts(pool, { clientId, accountId, session });
}

/**
 * The tokens for APIs are JWTs, of which the library keeps nothing to be asked about. The client that they belong to and
 * the app whose API they are for may ask, and nobody else learns whether there is such a token.
 */
export function answerForApis(provider: Provider, pool: Pool): void {
  provider.use(async (ctx, next) => {
    await next();
    const { oidc } = ctx as Partial<KoaContextWithOIDC>;
    if (oidc?.route !== 'introspection' || !oidc.client || !isUnknown(ctx.body)) return;
    const claims = await verify(provider, pool, oidc.params?.token);
    const known = claims && (await mayKnow(pool, oidc.client, claims));
    ctx.status = 200;
    ctx.body = known ? { active: true, ...claims, token_type: 'Bearer' } : { active: false };
  });
}

/** What the library says of a token that it does not keep, and of a JWT, which it takes no look at. */
const isUnknown = (body: unknown): boolean => {
  const { active, error } = (body ?? {}) as { active?: boolean; error?: string };
  return active === false || error === 'unsupported_token_type';
};

async function verify(provider: Provider, pool: Pool, token: unknown): Promise<JWTPayload | undefined> {
  if (typeof token !== 'string' || !/^[\w-]+\.[\w-]+\.[\w-]+$/.test(token)) return undefined;
  const checks = {
    issuer: provider.issuer,
    algorithms: ['ES256'],
    typ: 'at+jwt',
    requiredClaims: ['aud', 'sub', 'sid'],
  };
  return jwtVerify(token, (header: JWTHeaderParameters) => publicKey(pool, header.kid), checks).then(
    ({ payload }) => payload,
    (error: unknown) => {
      if (error instanceof errors.JOSEError) return undefined;
      throw error;
    },
  );
}

async function mayKnow(pool: Pool, client: Client, { client_id, sub, sid, aud, scope }: JWTPayload): Promise<boolean> {
  const isTheirs = client_id === client.clientId || (client.first_party === true && aud === apiOf(client));
  if (!isTheirs || typeof aud !== 'string') return false;
  const about = { clientId: String(client_id), accountId: sub, session: String(sid), audience: aud };
  const scopes = String(scope ?? '').split(' ');
  const counted = await Promise.all(scopes.map((each) => tokenCounts(pool, { ...about, scope: each })));
  return counted.every(Boolean);
}
