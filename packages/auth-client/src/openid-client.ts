import { randomToken, sha256 } from '@gatehouse/encryption';
import * as openid from 'openid-client';
import { createConnection } from './connection.ts';
import { AuthClientError } from './errors.ts';
import { createOutgoing } from './outgoing.ts';
import { createProviderKeys, type ProviderKeys } from './provider-keys.ts';
import type { Settings } from './settings.ts';
import type { AccessToken, LoginAttempt, Profile } from './store.ts';

/** What the provider vouches for once a login has come back. */
export interface Grant {
  sub: string;
  /** Undefined where the provider does not tell its sessions apart. */
  sid: string | undefined;
  idToken: string;
  accessToken: AccessToken | undefined;
}

/** The OpenID Provider in this package's own words; wire names stay in this file. */
export interface Provider {
  /**
   * Where to send the browser. The rest has to be remembered until it comes back.
   *
   * @param page local address of the page that is wanted
   */
  beginLogin(
    wishes?: LoginWishes,
    page?: string,
  ): Promise<{ url: URL; state: string; nonce: string; codeVerifier: string }>;
  /**
   * Exchanges the code of a callback for what the provider vouches for, every check of OpenID Connect Core §3.1.3.7
   * included.
   *
   * @param callback the callback URL with its query as it arrived
   * @throws {AuthClientError} `login_refused`, `login_expired`, `login_failed` or `provider_unreachable`
   */
  finishLogin(callback: URL, state: string, attempt: LoginAttempt): Promise<Grant>;
  /** Asks userinfo, and refuses an answer about another `sub` (OpenID Connect Core §5.3.2). */
  loadProfile(grant: Grant): Promise<Profile>;
  /** What the browser asks the provider for, to sign out there (RP-Initiated Logout 1.0 §2). */
  signOutRequest(idToken: string): Promise<SignOutRequest>;
  keys(): Promise<ProviderKeys>;
}

export interface SignOutRequest {
  /** The provider's `end_session_endpoint`. */
  endpoint: URL;
  /** To be sent to it; holds the ID token. */
  parameters: URLSearchParams;
}

/** What the app asks for at one login, in the parameter names of OpenID Connect Core §3.1.2.1. */
export type LoginWishes = Partial<Record<(typeof wishNames)[number], string>>;

export const wishNames = ['login_hint', 'ui_locales', 'acr_values', 'prompt'] as const;

type ProviderSettings = Pick<
  Settings,
  | 'issuer'
  | 'clientId'
  | 'credential'
  | 'baseUrl'
  | 'callbackUrl'
  | 'signedOutUrl'
  | 'scope'
  | 'resource'
  | 'signingAlgorithm'
  | 'store'
  | 'timeout'
  | 'log'
>;

/** Characters of the wanted page's address that the provider is told; longer ones it would not keep. */
const longestTarget = 2048;

export function createProvider(settings: ProviderSettings): Provider {
  const { credential } = settings;
  const clientAuthentication =
    typeof credential === 'string' ? openid.ClientSecretBasic(credential) : openid.PrivateKeyJwt(credential);
  const connection = createConnection(() => discover(settings, settings.clientId, clientAuthentication), settings.log);

  return {
    async beginLogin(wishes = {}, page = '/') {
      const { configuration } = await connection();
      const [state, nonce, codeVerifier] = [randomToken(), randomToken(), randomToken()];
      const url = openid.buildAuthorizationUrl(configuration, {
        redirect_uri: settings.callbackUrl,
        scope: settings.scope,
        ...resource(),
        ...target(page),
        ...wishes,
        state,
        nonce,
        code_challenge: sha256(codeVerifier).toString('base64url'),
        code_challenge_method: 'S256',
      });
      return { url, state, nonce, codeVerifier };
    },

    async finishLogin(callback, state, { nonce, codeVerifier }) {
      const { configuration, keys } = await connection();
      const checks = { expectedState: state, expectedNonce: nonce, pkceCodeVerifier: codeVerifier };
      const tokens = await openid.authorizationCodeGrant(configuration, callback, checks, resource()).catch(loginError);
      const idToken = tokens.id_token ?? '';
      await keys.verifyFromProvider(idToken, { algorithms: [settings.signingAlgorithm] }).catch(loginError);
      const claims = tokens.claims();
      if (!claims) throw new AuthClientError('login_failed', { detail: 'there was no ID token' });
      return {
        sub: claims.sub,
        sid: typeof claims.sid === 'string' ? claims.sid : undefined,
        idToken,
        accessToken: {
          value: tokens.access_token,
          expiresAt: Date.now() + (tokens.expires_in ?? 0) * 1000,
        },
      };
    },

    async loadProfile({ sub, accessToken }) {
      const { configuration } = await connection();
      const claims = await openid.fetchUserInfo(configuration, accessToken?.value ?? '', sub).catch(loginError);
      return {
        name: claims.name ?? claims.preferred_username ?? sub,
        email: claims.email ?? '',
        login: claims.preferred_username ?? sub,
        roles: Array.isArray(claims.roles) ? claims.roles.filter((role) => typeof role === 'string') : [],
      };
    },

    async signOutRequest(idToken) {
      const { configuration } = await connection();
      const { searchParams: parameters } = openid.buildEndSessionUrl(configuration, {
        id_token_hint: idToken,
        post_logout_redirect_uri: settings.signedOutUrl,
        state: randomToken(16),
      });
      const endpoint = new URL(configuration.serverMetadata().end_session_endpoint ?? '');
      for (const name of endpoint.searchParams.keys()) parameters.delete(name);
      return { endpoint, parameters };
    },

    async keys() {
      return (await connection()).keys;
    },
  };

  /**
   * The page that is wanted, by the name that OpenID Connect Core §4 has for it: where a sign-in page is opened in
   * another browser, or too late, the provider leads there. Only told to the provider of one's own organisation.
   */
  function target(page: string): Record<string, string> {
    const uri = settings.baseUrl + page;
    return settings.store.knowsPeople && page !== '/' && uri.length <= longestTarget ? { target_link_uri: uri } : {};
  }

  function resource(): Record<string, string> {
    return settings.resource === undefined ? {} : { resource: settings.resource };
  }
}

/** The keys of an issuer, for an API that only verifies tokens. Discovery is made at the first call. */
export function discoverKeys(options: { issuer: string; timeout: number }): () => Promise<ProviderKeys> {
  const connection = createConnection(() => discover(options, 'api', openid.None()));
  return async () => (await connection()).keys;
}

interface DiscoveryOptions {
  issuer: string;
  timeout: number;
  signingAlgorithm?: string;
}

async function discover(options: DiscoveryOptions, clientId: string, clientAuthentication: openid.ClientAuth) {
  const { issuer, timeout, signingAlgorithm = 'ES256' } = options;
  const outgoing = createOutgoing(timeout);
  const configuration = await openid.discovery(
    new URL(issuer),
    clientId,
    { id_token_signed_response_alg: signingAlgorithm },
    clientAuthentication,
    {
      [openid.customFetch]: outgoing,
      timeout,
      execute: issuer.startsWith('http:') ? [openid.allowInsecureRequests] : [],
    },
  );
  const { jwks_uri: jwksUri } = configuration.serverMetadata();
  if (!jwksUri) throw new Error('the provider announces no jwks_uri');
  return { configuration, keys: createProviderKeys(jwksUri, outgoing) };
}

/** Sorts what can go wrong in a login by what the person can do about it. */
function loginError(error: unknown): never {
  const cause = (error as Error).cause;
  if (error instanceof AuthClientError) throw error;
  if (cause instanceof AuthClientError) throw cause;
  if (error instanceof openid.AuthorizationResponseError) {
    throw new AuthClientError('login_refused', { detail: `the provider answered ${error.error}`, cause: error });
  }
  if (error instanceof openid.ResponseBodyError && error.error === 'invalid_grant') {
    throw new AuthClientError('login_expired', { detail: 'the provider refused the code', cause: error });
  }
  if (error instanceof openid.ClientError && error.code === 'OAUTH_RESPONSE_IS_NOT_CONFORM') {
    throw new AuthClientError('provider_unreachable', { detail: 'unexpected status', cause: error, retryAfter: 5 });
  }
  throw new AuthClientError('login_failed', { detail: (error as Error).message, cause: error });
}
