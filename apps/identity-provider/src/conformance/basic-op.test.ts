/**
 * Our own run of the OpenID Foundation's certification profiles Basic OP and Form Post OP, module by module, as
 * black-box checks over HTTP. A title begins with the name of the module in the Foundation's suite; Form Post OP runs
 * the same list, its names ending in `.form_post`.
 */
import { type Browser, createBrowser } from '@gatehouse/test-kit/browser';
import { decodeProtectedHeader } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type CertifiedClient, certify, letTimePass, type Mode, type Outcome } from '../../testing/certification.ts';
import { titleOf } from '../../testing/pages.ts';
import { type RunningProvider, startProvider } from '../../testing/start-provider.ts';
import { thirdParty } from '../../testing/third-party.ts';

let running: RunningProvider;
beforeAll(async () => {
  running = await startProvider();
});
afterAll(() => running.stop());

describe.each([
  ['Basic OP', 'query', ''],
  ['Form Post OP', 'form_post', '.form_post'],
] as [string, Mode, string][])('%s', (_, mode, suffix) => {
  let client: CertifiedClient;
  let browser: Browser;

  beforeAll(async () => {
    client = await certify(running, `certified-${mode}`, mode);
  });
  beforeEach(() => {
    browser = createBrowser();
  });

  const signedIn = async (changes: Record<string, string | undefined> = {}): Promise<Outcome> =>
    client.signIn(browser, await client.request(browser, changes));
  const succeeds = async (changes: Record<string, string | undefined>) => {
    const outcome = await signedIn(changes);
    expect(outcome.callback?.get('state')).toBe('the-state');
    return client.idToken(await client.tokens(outcome));
  };
  const errorOf = async (changes: Record<string, string | undefined>) => {
    const { callback, page } = await client.request(browser, changes);
    expect(callback?.get('code') ?? null).toBeNull();
    return callback?.get('error') ?? `page ${page.status}`;
  };

  it(`oidcc-server${suffix} the whole code flow, with state, nonce, ID token and userinfo`, async () => {
    const outcome = await signedIn();
    expect(outcome.callback?.get('state')).toBe('the-state');
    const tokens = await client.tokens(outcome);
    expect(tokens.token_type).toBe('Bearer');
    const claims = await client.idToken(tokens);
    expect(claims).toMatchObject({ nonce: 'the-nonce', sub: expect.any(String), exp: expect.any(Number) });
    expect(await (await client.userinfo(tokens)).json()).toMatchObject({ sub: claims.sub });
  });
  it(`oidcc-response-type-missing${suffix} a request without response_type is refused`, async () => {
    expect(await errorOf({ response_type: undefined })).toMatch(/unsupported_response_type|invalid_request|page 400/);
  });
  it(`oidcc-idtoken-signature${suffix} the ID token is signed with RS256 by a key that its kid names`, async () => {
    const { id_token } = await client.tokens(await signedIn());
    const { alg, kid } = decodeProtectedHeader(id_token);
    const { keys } = (await (await fetch(`${running.issuer}/jwks`)).json()) as { keys: { kid: string }[] };
    expect([alg, keys.some((key) => key.kid === kid)]).toEqual(['RS256', true]);
  });
  it(`oidcc-idtoken-unsigned${suffix} alg none is not offered, and no client can be registered for it`, async () => {
    const metadata = { client_id: `unsigned-${mode}`, id_token_signed_response_alg: 'none' };
    await expect(thirdParty(running, metadata)).rejects.toMatchObject({ code: 'metadata_invalid' });
  });

  const userinfoWays: [string, (token: string) => RequestInit][] = [
    ['get', (token) => ({ headers: { authorization: `Bearer ${token}` } })],
    ['post-header', (token) => ({ method: 'POST', headers: { authorization: `Bearer ${token}` } })],
    ['post-body', (token) => ({ method: 'POST', headers: {}, body: new URLSearchParams({ access_token: token }) })],
  ];
  for (const [way, init] of userinfoWays) {
    it(`oidcc-userinfo-${way}${suffix} userinfo takes the token this way`, async () => {
      const tokens = await client.tokens(await signedIn());
      const answer = await client.userinfo(tokens, init(tokens.access_token));
      expect([answer.status, await answer.json()]).toEqual([200, { sub: (await client.idToken(tokens)).sub }]);
    });
  }

  it(`oidcc-ensure-request-without-nonce-succeeds-for-code-flow${suffix} without a nonce none is invented`, async () => {
    expect(await succeeds({ nonce: undefined })).not.toHaveProperty('nonce');
  });

  const scopes: Record<string, string[]> = {
    profile: ['name', 'given_name', 'family_name', 'preferred_username'],
    email: ['email', 'email_verified'],
    address: ['address'],
    phone: ['phone_number', 'phone_number_verified'],
  };
  scopes.all = Object.values(scopes).flat();
  for (const [scope, claims] of Object.entries(scopes)) {
    it(`oidcc-scope-${scope}${suffix} userinfo has the claims of the scope`, async () => {
      const asked = scope === 'all' ? 'profile email address phone' : scope;
      const tokens = await client.tokens(await signedIn({ scope: `openid ${asked}` }));
      const told = (await (await client.userinfo(tokens)).json()) as object;
      expect(Object.keys(told)).toEqual(expect.arrayContaining(claims));
    });
  }

  it(`oidcc-alternate-happy-flow${suffix} the order of scopes is immaterial`, async () => {
    await succeeds({ scope: 'email openid profile' });
  });
  for (const display of ['page', 'popup']) {
    it(`oidcc-display-${display}${suffix} is no error`, async () => void (await succeeds({ display })));
  }

  it(`oidcc-prompt-login${suffix} asks to sign in again, and auth_time is later`, async () => {
    const first = await succeeds({});
    await letTimePass(running, 60);
    const again = await client.request(browser, { prompt: 'login' });
    expect(titleOf(again.page)).toBe('Sign in');
    const second = await client.idToken(await client.tokens(await client.signIn(browser, again)));
    expect(Number(second.auth_time)).toBeGreaterThan(Number(first.auth_time) - 60);
  });
  it(`oidcc-prompt-none-not-logged-in${suffix} is login_required`, async () => {
    expect(await errorOf({ prompt: 'none' })).toBe('login_required');
  });
  it(`oidcc-prompt-none-logged-in${suffix} is silent, with the same sub and auth_time`, async () => {
    const first = await succeeds({});
    const silent = await client.idToken(await client.tokens(await client.request(browser, { prompt: 'none' })));
    expect([silent.sub, silent.auth_time]).toEqual([first.sub, first.auth_time]);
  });
  it(`oidcc-max-age-1${suffix} asks to sign in again, and auth_time is there and new`, async () => {
    await succeeds({});
    await letTimePass(running, 60);
    const second = await succeeds({ max_age: '1' });
    expect(Math.abs(Number(second.auth_time) - Date.now() / 1000)).toBeLessThan(30);
  });
  it(`oidcc-max-age-10000${suffix} asks nothing, and auth_time is there and unchanged`, async () => {
    const first = await succeeds({});
    const second = await client.idToken(await client.tokens(await client.request(browser, { max_age: '10000' })));
    expect(second.auth_time).toBe(first.auth_time);
  });
  it(`oidcc-ensure-request-with-unknown-parameter-succeeds${suffix} ignores it`, async () => {
    await succeeds({ extra: 'foobar' });
  });
  it(`oidcc-id-token-hint${suffix} is silent with prompt=none, for the same sub`, async () => {
    const tokens = await client.tokens(await signedIn());
    const silent = await client.request(browser, { prompt: 'none', id_token_hint: tokens.id_token });
    const [first, second] = [tokens, await client.tokens(silent)];
    expect((await client.idToken(second)).sub).toBe((await client.idToken(first)).sub);
  });
  const harmless: [string, Record<string, string>][] = [
    ['login-hint', { login_hint: 'bob@example.com' }],
    ['ui-locales', { ui_locales: 'se' }],
    ['claims-locales', { claims_locales: 'se' }],
    ['ensure-request-with-acr-values-succeeds', { acr_values: '1 2' }],
    ['claims-essential', { claims: JSON.stringify({ userinfo: { name: { essential: true } } }) }],
  ];
  for (const [name, changes] of harmless)
    it(`oidcc-${name}${suffix} is no error`, async () => void (await succeeds(changes)));

  for (const [name, seconds] of [
    ['codereuse', 0],
    ['codereuse-30seconds', 31],
  ] as const) {
    it(`oidcc-${name}${suffix} the second use is invalid_grant and revokes the access token`, async () => {
      const outcome = await signedIn();
      const tokens = await client.tokens(outcome);
      await letTimePass(running, seconds);
      const again = await client.redeemCode(outcome.callback?.get('code'));
      expect([again.status, await again.json()]).toEqual([400, expect.objectContaining({ error: 'invalid_grant' })]);
      expect((await client.userinfo(tokens)).status).toBe(401);
    });
  }
  it(`oidcc-ensure-registered-redirect-uri${suffix} an address that is not registered gets a page, no redirect`, async () => {
    expect(await errorOf({ redirect_uri: `${client.redirectUri}/other` })).toBe('page 400');
  });
  it(`oidcc-ensure-post-request-succeeds${suffix} an authorization request by POST works`, async () => {
    const { searchParams } = new URL(client.authorizationUrl({ response_mode: mode }));
    const form = Object.fromEntries(searchParams);
    const asked = await browser.submit(`${running.issuer}/auth`, form, { follow: false });
    expect(asked.status).toBe(303);
    const outcome = await client.signIn(browser, await client.follow(browser, asked));
    const redeemed = await client.redeemCode(outcome.callback?.get('code'), { code_verifier: client.verifier });
    expect(redeemed.status).toBe(200);
  });
  it(`oidcc-server-client-secret-post${suffix} the same flow with client_secret_post`, async () => {
    const method = { token_endpoint_auth_method: 'client_secret_post' };
    const other = await certify(running, `certified-post-${mode}`, mode, method);
    const { callback } = await other.signIn(browser, await other.request(browser));
    const body = {
      grant_type: 'authorization_code',
      code: callback?.get('code') ?? '',
      redirect_uri: other.redirectUri,
      client_id: other.clientId,
      client_secret: other.credentials.client_secret ?? '',
    };
    const answer = await fetch(`${running.issuer}/token`, { method: 'POST', body: new URLSearchParams(body) });
    expect(answer.status).toBe(200);
  });
  it(`oidcc-request-uri-unsigned-supported-correctly-or-rejected-as-unsupported${suffix} is refused by name`, async () => {
    expect(await errorOf({ request_uri: 'https://client.example/request.jwt' })).toBe('request_uri_not_supported');
  });
  const unsigned = `${btoa('{"alg":"none"}')}.${btoa('{"state":"other"}')}.`.replaceAll('=', '');
  it(`oidcc-unsigned-request-object-supported-correctly-or-rejected-as-unsupported${suffix} is refused by name`, async () => {
    expect(await errorOf({ request: unsigned })).toBe('request_not_supported');
  });
  it(`oidcc-ensure-request-object-with-redirect-uri${suffix} request objects are not offered, and refused by name`, async () => {
    expect(await errorOf({ request: unsigned, redirect_uri: client.redirectUri })).toBe('request_not_supported');
  });
  it(`oidcc-refresh-token${suffix} works, is bound to the client, and the ID tokens agree`, async () => {
    const first = await client.tokens(await signedIn());
    const form = { grant_type: 'refresh_token', refresh_token: first.refresh_token ?? '' };
    const other = await certify(running, `certified-other-${mode}`, mode);
    expect((await other.redeemCode('', form)).status).toBe(400);
    const answer = await client.redeemCode('', form);
    const second = (await answer.json()) as typeof first;
    const [before, after] = [await client.idToken(first), await client.idToken(second)];
    expect([after.sub, after.iss, after.aud, after.auth_time]).toEqual([
      before.sub,
      before.iss,
      before.aud,
      before.auth_time,
    ]);
  });
  it(`oidcc-ensure-request-with-valid-pkce-succeeds${suffix} works, and only with its verifier`, async () => {
    const pkce = Object.fromEntries(new URL(client.authorizationUrl()).searchParams);
    const ask = { code_challenge: pkce.code_challenge, code_challenge_method: 'S256' };
    const { callback } = await signedIn(ask);
    const code_verifier = client.verifier;
    expect((await client.redeemCode(callback?.get('code'), { code_verifier })).status).toBe(200);
    const again = await client.request(browser, ask);
    expect((await client.redeemCode(again.callback?.get('code'))).status).toBe(400);
  });
});
