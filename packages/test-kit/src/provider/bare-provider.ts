import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, type JWK } from 'jose';
import Provider, { type ClientMetadata, type Configuration, type KoaContextWithOIDC } from 'oidc-provider';

export interface BareClient {
  clientId: string;
  /** Authenticates with this by client_secret_basic, or with the key of `publicJwk` by private_key_jwt. */
  clientSecret?: string;
  publicJwk?: JWK;
  /** The app's origin. */
  baseUrl: string;
  scope?: string;
}

export interface BareProvider {
  readonly issuer: string;
  /** Who signs in where the provider would ask. */
  person: string;
  close(): Promise<void>;
}

/** oidc-provider as it comes, in memory, beside the parts that an app can ask for: what "any OpenID Provider" means. */
export async function createBareProvider(clients: BareClient[], person: string): Promise<BareProvider> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
  const issuer = `http://localhost:${(server.address() as AddressInfo).port}`;
  const bare = { issuer, person, close };
  const { privateKey } = await generateKeyPair('ES256', { extractable: true });
  const jwks = { keys: [{ ...(await exportJWK(privateKey)), alg: 'ES256', use: 'sig' }] };
  const provider = new Provider(issuer, { ...configuration(clients), jwks, loadExistingGrant, extraTokenClaims });
  provider.use(async (ctx, next) => {
    if (!ctx.path.startsWith('/interaction/')) return await next();
    await provider.interactionFinished(ctx.req, ctx.res, { login: { accountId: bare.person } });
    ctx.respond = false;
  });
  const answer = provider.callback();
  server.on('request', (req, res) => void answer(req, res));
  return bare;

  /** Grants whatever a client asks for, as for first-party apps. */
  async function loadExistingGrant(ctx: KoaContextWithOIDC) {
    const { client, session, params } = ctx.oidc;
    if (!client || !session?.accountId) return undefined;
    const grant = new provider.Grant({ clientId: client.clientId, accountId: session.accountId });
    grant.addOIDCScope(String(params?.scope));
    if (typeof params?.resource === 'string') grant.addResourceScope(params.resource, String(params.scope));
    await grant.save();
    return grant;
  }

  /** An API asks at each request whether the sign-in lives, so its tokens name it. */
  async function extraTokenClaims(ctx: KoaContextWithOIDC) {
    const { AuthorizationCode: code, Client: client } = ctx.oidc.entities;
    const session = code?.sessionUid && (await provider.Session.findByUid(code.sessionUid));
    return session && client ? { sid: session.sidFor(client.clientId) } : undefined;
  }

  async function close(): Promise<void> {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}

function configuration(clients: BareClient[]): Configuration {
  return {
    clients: clients.map(clientMetadata),
    cookies: { keys: [randomBytes(32).toString('base64url')] },
    scopes: ['openid', 'profile', 'email', 'manager:read'],
    claims: { openid: ['sub'], profile: ['name', 'preferred_username'], email: ['email'] },
    findAccount: (_ctx, sub) => ({
      accountId: sub,
      claims: () => ({ sub, name: `Name of ${sub}`, preferred_username: sub, email: `${sub}@example.org` }),
    }),
    features: {
      devInteractions: { enabled: false },
      backchannelLogout: { enabled: true },
      rpInitiatedLogout: { enabled: true },
      resourceIndicators: {
        enabled: true,
        useGrantedResource: () => true,
        getResourceServerInfo: (_ctx, audience) => ({
          audience,
          scope: 'manager:read',
          accessTokenFormat: 'jwt',
          jwt: { sign: { alg: 'ES256' } },
        }),
      },
    },
    pkce: { required: () => true },
    interactions: { url: (_ctx, { uid }) => `/interaction/${uid}` },
    // Everything here runs on loopback, which oidc-provider does not call by default.
    fetch: (url, { dispatcher: _, ...options } = {}) => fetch(url, options),
  };
}

function clientMetadata({ clientId, clientSecret, publicJwk, baseUrl, scope }: BareClient): ClientMetadata {
  return {
    client_id: clientId,
    ...(clientSecret !== undefined && { client_secret: clientSecret }),
    ...(publicJwk && { token_endpoint_auth_method: 'private_key_jwt', jwks: { keys: [publicJwk] } }),
    redirect_uris: [`${baseUrl}/auth/callback`],
    post_logout_redirect_uris: [`${baseUrl}/`],
    backchannel_logout_uri: `${baseUrl}/auth/backchannel-logout`,
    backchannel_logout_session_required: true,
    id_token_signed_response_alg: 'ES256',
    ...(scope !== undefined && { scope }),
  };
}
