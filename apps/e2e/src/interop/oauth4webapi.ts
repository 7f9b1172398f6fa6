import * as oauth from 'oauth4webapi';
import { org } from '../support/people.ts';
import { type ForeignApp, serveForeignApp } from './relying-party.ts';

interface Told {
  sub: string | undefined;
  name: unknown;
  accessToken: string;
  tokenType: string;
}

export interface Oauth4webapiClient extends ForeignApp {
  /** Pushes an authorization request, and says where a browser is to be sent. */
  start(): Promise<string>;
  /** With the address at which the browser came back. */
  finish(callback: string): Promise<Told>;
  refresh(): Promise<Told>;
  signOutUrl(): string;
}

const http = { [oauth.allowInsecureRequests]: true };

/** The low-level library, with all that protects a client: pushed requests, PKCE, and tokens bound to a key (DPoP). */
export async function oauth4webapiClient(): Promise<Oauth4webapiClient> {
  const app = await serveForeignApp(
    (url) => ({
      client_name: 'oauth4webapi',
      redirect_uris: [`${url}/callback`],
      post_logout_redirect_uris: [`${url}/signed-out`],
      grant_types: ['authorization_code', 'refresh_token'],
      require_pushed_authorization_requests: true,
      dpop_bound_access_tokens: true,
    }),
    (express) => void express.get(['/callback', '/signed-out'], (_req, res) => void res.send('here')),
  );
  const issuer = new URL(org.issuer);
  const server = await oauth.processDiscoveryResponse(issuer, await oauth.discoveryRequest(issuer, http));
  const client: oauth.Client = { client_id: app.credentials.client_id };
  const authentication = oauth.ClientSecretBasic(app.credentials.client_secret ?? '');
  const options = { ...http, DPoP: oauth.DPoP(client, await oauth.generateKeyPair('ES256')) };
  const verifier = oauth.generateRandomCodeVerifier();
  const [state, nonce] = [oauth.generateRandomState(), oauth.generateRandomNonce()];
  const redirectUri = `${app.url}/callback`;
  let refreshToken = '';
  let idToken = '';
  let sub = '';

  async function told(tokens: oauth.TokenEndpointResponse): Promise<Told> {
    refreshToken = tokens.refresh_token ?? '';
    idToken = tokens.id_token ?? idToken;
    sub ||= oauth.getValidatedIdTokenClaims(tokens)?.sub ?? '';
    const answer = await oauth.userInfoRequest(server, client, tokens.access_token, options);
    const claims = await oauth.processUserInfoResponse(server, client, sub, answer);
    return { sub: claims.sub, name: claims.name, accessToken: tokens.access_token, tokenType: tokens.token_type };
  }

  return {
    ...app,
    async start() {
      const parameters = {
        client_id: client.client_id,
        response_type: 'code',
        redirect_uri: redirectUri,
        scope: 'openid profile',
        state,
        nonce,
        code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
        code_challenge_method: 'S256',
      };
      const pushed = await oauth.pushedAuthorizationRequest(server, client, authentication, parameters, options);
      const { request_uri } = await oauth.processPushedAuthorizationResponse(server, client, pushed);
      return `${server.authorization_endpoint}?${new URLSearchParams({ client_id: client.client_id, request_uri })}`;
    },
    async finish(callback) {
      const parameters = oauth.validateAuthResponse(server, client, new URL(callback), state);
      const answer = await oauth.authorizationCodeGrantRequest(
        server,
        client,
        authentication,
        parameters,
        redirectUri,
        verifier,
        options,
      );
      const expected = { expectedNonce: nonce, requireIdToken: true };
      return told(await oauth.processAuthorizationCodeResponse(server, client, answer, expected));
    },
    async refresh() {
      const answer = await oauth.refreshTokenGrantRequest(server, client, authentication, refreshToken, options);
      return told(await oauth.processRefreshTokenResponse(server, client, answer));
    },
    signOutUrl() {
      const query = { id_token_hint: idToken, post_logout_redirect_uri: `${app.url}/signed-out` };
      return `${server.end_session_endpoint}?${new URLSearchParams(query)}`;
    },
  };
}
