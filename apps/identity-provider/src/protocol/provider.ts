import { supported } from '@gatehouse/clients';
import type { Logger } from '@gatehouse/web';
import Provider, { type Configuration, type JWKS } from 'oidc-provider';
import type { Pool } from 'pg';
import { languageTags } from '../languages/translate.ts';
import { recordEvents } from './audit-listeners.ts';
import { acrValues } from './authentication-context.ts';
import { claims, createFindAccount } from './claims.ts';
import { accountClient } from './clients/account.ts';
import { launcherClient } from './clients/launcher.ts';
import { type ClientRegistry, extraClientMetadata } from './clients/registry.ts';
import { mayCallFrom } from './clients/script-origins.ts';
import { acceptPreviousSecret } from './clients/two-secrets.ts';
import { cookies } from './cookies.ts';
import { deviceFlow } from './device/device-flow.ts';
import { acceptTypedCodes } from './device/typed-codes.ts';
import { renderError } from './error-page.ts';
import { createLoadExistingGrant } from './grants.ts';
import { completeIdTokens, type IdTokenHook } from './id-tokens.ts';
import { bindInteractions } from './interaction-browser.ts';
import { createInteractionPolicy } from './interaction-policy.ts';
import { answerForApis, mayIntrospect } from './introspection.ts';
import { ttl } from './lifetimes.ts';
import { narrowAnswers } from './narrow-answers.ts';
import { createFetch } from './outgoing.ts';
import { resourceIndicators } from './resource-servers.ts';
import { recordSessionOrigins } from './session-origins.ts';
import { createAdapter } from './storage/adapter.ts';
import { requireRedemption } from './storage/require-redemption.ts';
import { readTarget, wantedQuery } from './wanted-page.ts';

export interface ProviderDeps {
  /** Its own origin, which is the issuer. */
  issuer: string;
  pool: Pool;
  clients: ClientRegistry;
  /** Sign the provider's cookies; the newest first. */
  cookieKeys: readonly string[];
  signingKeys: JWKS;
  idTokenHooks?: readonly IdTokenHook[];
  log: Logger;
}

/** What the library is told. What it could do beyond what is named here is off, and not advertised. */
export const configure = ({ issuer, pool, clients, cookieKeys, signingKeys }: ProviderDeps): Configuration => ({
  adapter: createAdapter(pool, clients),
  jwks: signingKeys,
  fetch: createFetch(clients),
  ...clientPolicy(issuer),
  ...personPolicy(pool),
  cookies: cookies(issuer, cookieKeys),
  ttl,
  renderError,
  discovery: { ui_locales_supported: languageTags },
  features: features(pool),
});

/** The OpenID Provider: the library, as it is configured, and what it leaves to others. */
export function createProvider(deps: ProviderDeps, configuration = configure(deps)): Provider {
  const { issuer, pool, clients, idTokenHooks = [], log } = deps;
  const provider = new Provider(issuer, configuration);
  // Every URL is made from the issuer, whatever the connection looks like; `pinnedHost` sets the headers for it.
  provider.proxy = true;
  acceptPreviousSecret(provider);
  completeIdTokens(provider, pool, idTokenHooks);
  narrowAnswers(provider, clients);
  answerForApis(provider, pool);
  requireRedemption(provider);
  acceptTypedCodes(provider);
  bindInteractions(provider);
  recordEvents(provider, pool, log);
  recordSessionOrigins(provider, pool, log);
  return provider;
}

/** What clients may do. Everything that is not named is refused. */
const clientPolicy = (issuer: string): Configuration => ({
  clients: [launcherClient(issuer), accountClient(issuer)],
  clientDefaults: { id_token_signed_response_alg: 'ES256', response_modes: ['query'] },
  extraClientMetadata: { properties: [...extraClientMetadata] },
  // `none` is the launcher's alone.
  responseTypes: [...supported.responseTypes, 'none'],
  clientAuthMethods: [...supported.authMethods],
  scopes: ['openid', 'offline_access'],
  enabledJWA: {
    idTokenSigningAlgValues: [...supported.idTokenAlgs],
    clientAuthSigningAlgValues: [...supported.authSigningAlgs],
    dPoPSigningAlgValues: [...supported.authSigningAlgs],
  },
  pkce: { required: (_ctx, client) => client.require_pkce !== false || client.clientAuthMethod === 'none' },
  allowOmittingSingleRegisteredRedirectUri: false,
  acceptQueryParamAccessTokens: false,
  clientBasedCORS: (_ctx, origin, client) => mayCallFrom(client, origin),
  issueRefreshToken: (_ctx, client) => client.grantTypeAllowed('refresh_token'),
  rotateRefreshToken: true,
  expiresWithSession: () => true,
});

/** Who people are, and what is asked of them. */
const personPolicy = (pool: Pool): Configuration => ({
  claims,
  acrValues: [...acrValues],
  conformIdTokenClaims: true,
  findAccount: createFindAccount(pool),
  extraParams: { target_link_uri: readTarget },
  loadExistingGrant: createLoadExistingGrant(pool),
  interactions: {
    policy: createInteractionPolicy(pool),
    url: ({ oidc }, interaction) => `/interaction/${interaction.uid}${wantedQuery(interaction, oidc.issuer)}`,
  },
  // An API that takes our JWTs asks whether the sign-in behind them still lives; `sid` names it.
  extraTokenClaims: (_ctx, token) => ('sid' in token && token.aud && token.sid ? { sid: token.sid } : undefined),
});

const features = (pool: Pool): Configuration['features'] => ({
  userinfo: { enabled: true },
  revocation: { enabled: true },
  introspection: { enabled: true, allowedPolicy: (_ctx, client, token) => mayIntrospect(pool, client, token) },
  resourceIndicators,
  backchannelLogout: { enabled: true },
  // Keeps `end_session_endpoint` in discovery; our own routes answer it.
  rpInitiatedLogout: { enabled: true },
  devInteractions: { enabled: false },
  clientCredentials: { enabled: true },
  deviceFlow,
  dPoP: { enabled: true },
  pushedAuthorizationRequests: { enabled: true },
});
