import type { Logger } from '@gatehouse/web';
import Provider, { type Configuration, type JWKS } from 'oidc-provider';
import type { Pool } from 'pg';
import { recordEvents } from './audit-listeners.ts';
import { claims, createFindAccount } from './claims.ts';
import { fillIdTokens } from './clients/id-token-claims.ts';
import { launcherClient } from './clients/launcher.ts';
import { type ClientRegistry, extraClientMetadata } from './clients/registry.ts';
import { acceptPreviousSecret } from './clients/two-secrets.ts';
import { cookies } from './cookies.ts';
import { renderError } from './error-page.ts';
import { createLoadExistingGrant } from './grants.ts';
import { createInteractionPolicy } from './interaction-policy.ts';
import { ttl } from './lifetimes.ts';
import { narrowAnswers } from './narrow-answers.ts';
import { createFetch } from './outgoing.ts';
import { resourceIndicators } from './resource-servers.ts';
import { createAdapter } from './storage/adapter.ts';
import { requireRedemption } from './storage/require-redemption.ts';

export interface ProviderDeps {
  /** Its own origin, which is the issuer. */
  issuer: string;
  pool: Pool;
  clients: ClientRegistry;
  /** Sign the provider's cookies; the newest first. */
  cookieKeys: readonly string[];
  signingKeys: JWKS;
  log: Logger;
}

/** The OpenID Provider: authorization code with PKCE, nothing else that the library could do. */
export function createProvider(deps: ProviderDeps): Provider {
  const { issuer, pool, clients, log } = deps;
  const provider = new Provider(issuer, {
    adapter: createAdapter(pool, clients),
    jwks: deps.signingKeys,
    fetch: createFetch(clients),
    ...clientPolicy(issuer),
    ...personPolicy(pool),
    cookies: cookies(issuer, deps.cookieKeys),
    ttl,
    renderError,
    features,
  });
  // Every URL is made from the issuer, whatever the connection looks like; `pinnedHost` sets the headers for it.
  provider.proxy = true;
  acceptPreviousSecret(provider);
  fillIdTokens(provider);
  narrowAnswers(provider);
  requireRedemption(provider);
  recordEvents(provider, pool, log);
  return provider;
}

/** What clients may do. Everything that is not named is refused. */
const clientPolicy = (issuer: string): Configuration => ({
  clients: [launcherClient(issuer)],
  clientDefaults: { id_token_signed_response_alg: 'ES256', response_modes: ['query'] },
  extraClientMetadata: { properties: [...extraClientMetadata] },
  responseTypes: ['code', 'none'],
  clientAuthMethods: ['client_secret_basic', 'client_secret_post', 'private_key_jwt', 'none'],
  scopes: ['openid', 'offline_access'],
  enabledJWA: { idTokenSigningAlgValues: ['ES256'], clientAuthSigningAlgValues: ['ES256', 'RS256', 'PS256', 'EdDSA'] },
  pkce: { required: (_ctx, client) => client.require_pkce !== false || client.clientAuthMethod === 'none' },
  allowOmittingSingleRegisteredRedirectUri: false,
  acceptQueryParamAccessTokens: false,
  clientBasedCORS: () => false,
  issueRefreshToken: (_ctx, client) => client.grantTypeAllowed('refresh_token'),
  expiresWithSession: () => true,
});

/** Who people are, and what is asked of them. */
const personPolicy = (pool: Pool): Configuration => ({
  claims,
  conformIdTokenClaims: true,
  findAccount: createFindAccount(pool),
  loadExistingGrant: createLoadExistingGrant(pool),
  interactions: {
    policy: createInteractionPolicy(pool),
    url: (_ctx, interaction) => `/interaction/${interaction.uid}`,
  },
  // An API that takes our JWTs asks whether the sign-in behind them still lives; `sid` names it.
  extraTokenClaims: (_ctx, token) => ('sid' in token && token.aud && token.sid ? { sid: token.sid } : undefined),
});

const features: Configuration['features'] = {
  userinfo: { enabled: true },
  revocation: { enabled: true },
  introspection: {
    enabled: true,
    allowedPolicy: (_ctx, client, token) => token.clientId === client.clientId,
  },
  resourceIndicators,
  backchannelLogout: { enabled: true },
  // Keeps `end_session_endpoint` in discovery; our own routes answer it.
  rpInitiatedLogout: { enabled: true },
  devInteractions: { enabled: false },
  dPoP: { enabled: false },
  pushedAuthorizationRequests: { enabled: false },
};
