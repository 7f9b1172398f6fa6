import { type Browser, createBrowser } from '@gatehouse/test-kit/browser';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parameterOf } from '../../testing/relying-party.ts';
import { signIn } from '../../testing/sign-in.ts';
import { type RunningProvider, startProvider } from '../../testing/start-provider.ts';
import { type ThirdParty, thirdParty } from '../../testing/third-party.ts';

let running: RunningProvider;
let app: ThirdParty;
let browser: Browser;
let metadata: Record<string, unknown>;

beforeAll(async () => {
  running = await startProvider();
  app = await thirdParty(running, { client_id: 'library' }, 'grace.lindqvist');
  browser = createBrowser();
  await signIn(browser, running.issuer, 'grace.lindqvist');
  metadata = (await (await fetch(`${running.issuer}/.well-known/openid-configuration`)).json()) as typeof metadata;
});
afterAll(() => running.stop());

it('P35 advertises this, and nothing else', () => {
  const at = (path: string) => running.issuer + path;
  expect(metadata).toEqual({
    issuer: running.issuer,
    authorization_endpoint: at('/auth'),
    token_endpoint: at('/token'),
    userinfo_endpoint: at('/me'),
    jwks_uri: at('/jwks'),
    end_session_endpoint: at('/session/end'),
    introspection_endpoint: at('/token/introspection'),
    revocation_endpoint: at('/token/revocation'),
    pushed_authorization_request_endpoint: at('/request'),
    device_authorization_endpoint: at('/device/auth'),
    response_types_supported: ['code', 'id_token', 'code id_token'],
    response_modes_supported: ['query', 'fragment', 'form_post'],
    grant_types_supported: expect.toSatisfy(
      (types: string[]) =>
        [...types].sort().join() ===
        'authorization_code,client_credentials,implicit,refresh_token,urn:ietf:params:oauth:grant-type:device_code',
    ),
    scopes_supported: ['openid', 'offline_access', 'profile', 'email', 'phone', 'address', 'org'],
    acr_values_supported: ['urn:gatehouse:acr:one-factor', 'urn:gatehouse:acr:two-factor', 'phr'],
    claims_supported: expect.arrayContaining([
      'sub',
      'name',
      'email',
      'phone_number',
      'address',
      'departments',
      'roles',
    ]),
    ui_locales_supported: ['en', 'fr'],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: ['ES256', 'RS256'],
    token_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post', 'private_key_jwt', 'none'],
    token_endpoint_auth_signing_alg_values_supported: ['ES256', 'RS256', 'PS256', 'EdDSA'],
    dpop_signing_alg_values_supported: ['ES256', 'RS256', 'PS256', 'EdDSA'],
    code_challenge_methods_supported: ['S256'],
    claims_parameter_supported: false,
    request_uri_parameter_supported: false,
    claim_types_supported: ['normal'],
    authorization_response_iss_parameter_supported: true,
    backchannel_logout_supported: true,
    backchannel_logout_session_supported: true,
  });
});

it('P35 has an answer at each endpoint that it advertises, also to a request that is wrong', async () => {
  const endpoints = Object.entries(metadata).filter(([name]) => /_endpoint$|^jwks_uri$/.test(name));
  for (const [name, url] of endpoints) {
    const method =
      /authorization_endpoint|end_session|userinfo|jwks/.test(name) && !/pushed|device/.test(name) ? 'GET' : 'POST';
    const { status } = await fetch(String(url), { method, redirect: 'manual' });
    expect([name, status]).toEqual([name, expect.toSatisfy((code: number) => code !== 404 && code < 500)]);
  }
});

describe('what is off', () => {
  it.each(['/reg', '/backchannel', '/challenge', '/credential', '/session/check', '/par'])(
    'has nothing at %s',
    async (path) => {
      for (const method of ['GET', 'POST']) {
        expect((await fetch(running.issuer + path, { method })).status).toBe(404);
      }
    },
  );

  it.each([
    [
      'a response type with an access token',
      { response_type: 'token', response_mode: 'form_post' },
      'unsupported_response_type',
    ],
    ['all at once', { response_type: 'code id_token token', response_mode: 'form_post' }, 'unsupported_response_type'],
    ['a JWT as answer', { response_mode: 'jwt' }, 'unsupported_response_mode'],
    ['an answer by window.postMessage', { response_mode: 'web_message' }, 'unsupported_response_mode'],
    ['S10b a request object', { request: 'e30.e30.' }, 'request_not_supported'],
    ['S10b a request object elsewhere', { request_uri: 'https://evil.example/r' }, 'request_uri_not_supported'],
    [
      'S07 a type that others may use',
      { response_type: 'id_token', response_mode: 'form_post' },
      'response_type is not allowed',
    ],
    ['S07 a mode that others may use', { response_mode: 'fragment' }, 'error=invalid_request'],
  ])('%s is refused', async (_, changes, error) => {
    const answer = await browser.visit(app.authorizationUrl(changes), { follow: false });
    const told = answer.headers.location ?? answer.body;
    expect([answer.status, told]).toEqual([expect.toBeOneOf([303, 400]), expect.stringContaining(error)]);
    expect(told).not.toMatch(/[?&#]code=/);
  });

  it('P23 S10b the claims parameter is ignored', async () => {
    const claims = JSON.stringify({ id_token: { email: { essential: true } } });
    expect(await app.codeFor(browser, { claims })).toBeTruthy();
  });

  it.each(['password', 'urn:openid:params:grant-type:ciba', 'urn:ietf:params:oauth:grant-type:token-exchange'])(
    'P9 the grant type %s is unsupported',
    async (grant_type) => {
      const answer = await app.redeem('x', { grant_type });
      expect([answer.status, await answer.json()]).toEqual([
        400,
        expect.objectContaining({ error: 'unsupported_grant_type' }),
      ]);
    },
  );

  it.each(['client_credentials', 'refresh_token', 'urn:ietf:params:oauth:grant-type:device_code'])(
    'P9 the grant type %s is not for a client that is not registered for it',
    async (grant_type) => {
      const answer = await app.redeem('x', { grant_type, refresh_token: 'x', device_code: 'x' });
      expect(await answer.json()).toMatchObject({
        error: 'invalid_request',
        error_description: expect.stringContaining('not allowed'),
      });
    },
  );
});

describe('P2 a response type that a client is registered for', () => {
  const hybrid = {
    response_types: ['code', 'id_token', 'code id_token'],
    redirect_uris: ['https://app.example/cb'],
  };

  it('brings an ID token, or a code and an ID token that names it, in the fragment', async () => {
    const client = await thirdParty(running, { client_id: 'hybrid', ...hybrid }, 'grace.lindqvist');
    for (const response_type of hybrid.response_types.slice(1)) {
      const url = client.authorizationUrl({ response_type, redirect_uri: 'https://app.example/cb' });
      const answer = await browser.visit(url, { follow: false });
      const fragment = new URLSearchParams(new URL(String(answer.headers.location)).hash.slice(1));
      expect([...fragment.keys()].sort()).toEqual([...response_type.split(' '), 'state'].sort());
    }
    const { rows } = await running.db.owner.query(
      `SELECT count(*)::int FROM app_sessions.sign_in WHERE client_id = 'hybrid' AND ended_at IS NULL`,
    );
    expect(rows).toEqual([{ count: 1 }]);
  });

  it('P4 demands a nonce for an ID token', async () => {
    const url = (await thirdParty(running, { client_id: 'nonce', ...hybrid }, 'grace.lindqvist')).authorizationUrl({
      response_type: 'id_token',
      redirect_uri: 'https://app.example/cb',
      nonce: undefined as unknown as string,
    });
    const answer = await browser.visit(url, { follow: false });
    expect(answer.headers.location).toContain('error=invalid_request');
  });
});

it('form_post brings the answer as a form that posts itself to the app, under the page’s own policy', async () => {
  const answer = await browser.visit(app.authorizationUrl({ response_mode: 'form_post' }));
  expect(answer.status).toBe(200);
  expect(answer.body).toContain(`<form method="post" action="${app.redirectUri}">`);
  expect(answer.body).toMatch(/name="code" value="[\w-]+"/);
  const policy = String(answer.headers['content-security-policy']);
  expect(policy).toMatch(/script-src [^;]*'sha256-/);
  expect(policy).toContain(`form-action 'self'`);
  expect(policy).toContain(new URL(app.redirectUri).origin);
  const silent = await browser.visit(app.authorizationUrl({ prompt: 'none' }), { follow: false });
  expect(parameterOf(silent, 'code')).toBeTruthy();
});
