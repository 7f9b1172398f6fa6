import { type Browser, createBrowser } from '@gatehouse/test-kit/browser';
import { createTestProvider, type Fault, type TestProvider } from '@gatehouse/test-kit/provider';
import { beforeEach, describe, expect, it } from 'vitest';
import { createTestApp, type TestApp } from './test-app.ts';

const ada = { sub: 'person-1', name: 'Ada Park', email: 'ada@example.org', login: 'ada.park', roles: [] };

describe('callback', () => {
  let provider: TestProvider;
  let app: TestApp;

  beforeEach(async () => {
    provider = await createTestProvider({ person: ada });
    app = await createTestApp(provider);
    return async () => {
      await app.close();
      await provider.close();
    };
  });

  describe('a login that this browser did not begin', () => {
    it('S46 refuses a code and state from another browser, and makes no session', async () => {
      const victim = createBrowser();
      const answer = await victim.visit(await callbackOf(createBrowser()));
      expect(answer.status).toBe(400);
      expect(answer.json()).toEqual({ error: 'login_expired', login_url: '/auth/login?return_to=%2F' });
      expect(await victim.cookies(app.url)).toEqual([]);
    });

    it('S46 leaves a signed-in person who they are', async () => {
      const victim = createBrowser();
      await victim.visit(app.url);
      provider.person = { ...ada, sub: 'attacker' };
      const attack = await callbackOf(createBrowser());
      const answer = await victim.visit(attack);
      expect(answer.json()).toMatchObject({ page: '/', auth: { person: { id: 'person-1' } } });
    });

    it('S46 refuses a callback without state, with two states, or with another state than the one begun', async () => {
      const browser = createBrowser();
      const url = new URL(await callbackOf(browser));
      for (const states of [[], ['a', 'b'], ['another']]) {
        url.searchParams.delete('state');
        for (const state of states) url.searchParams.append('state', state);
        expect((await browser.visit(url.href)).status).toBe(400);
      }
    });
  });

  describe('a callback that was used before', () => {
    it('C9 goes to the page of that login while the session lives', async () => {
      const browser = createBrowser();
      const url = await callbackOf(browser, '/pages/claims?open=1');
      await browser.visit(url);
      const exchanges = tokenRequests();
      const again = await browser.visit(url);
      expect(again.json()).toMatchObject({ page: '/pages/claims?open=1' });
      expect(tokenRequests()).toBe(exchanges);
    });

    it('C9 goes to the page of an older login too while the session lives', async () => {
      const browser = createBrowser();
      const older = await callbackOf(browser, '/pages/older');
      await browser.visit(older);
      await browser.visit(`${app.url}/auth/login?return_to=/pages/newer`);
      expect((await browser.visit(older)).json()).toMatchObject({ page: '/pages/older' });
    });

    it('C9 begins the login again in a browser whose session has ended', async () => {
      const browser = createBrowser();
      const url = await callbackOf(browser);
      await browser.visit(url);
      await endEverySession();
      const again = await browser.visit(url);
      expect(again.status).toBe(200);
      expect(again.visited.map((address) => new URL(address).pathname)).toEqual([
        '/auth/callback',
        '/auth/login',
        '/auth',
        '/auth/callback',
        '/',
      ]);
    });

    it('R10 redeems nothing twice when two requests bring the same callback at once', async () => {
      const browser = createBrowser();
      const url = await callbackOf(browser);
      const answers = await Promise.all([1, 2].map(() => browser.visit(url, { follow: false })));
      expect(answers.map(({ status }) => status)).toEqual([302, 302]);
      expect(tokenRequests()).toBe(1);
    });
  });

  describe('C54 a request that no person made', () => {
    const made: [string, { method?: string; headers?: Record<string, string> }][] = [
      ['HEAD', { method: 'HEAD' }],
      ['a prefetch', { headers: { 'sec-purpose': 'prefetch' } }],
      ['a prerender', { headers: { 'sec-purpose': 'prefetch;prerender' } }],
      ['a preview', { headers: { purpose: 'preview' } }],
      ['an old prefetch', { headers: { 'x-moz': 'prefetch' } }],
      ['a script', { headers: { 'sec-fetch-mode': 'cors', 'sec-fetch-dest': 'empty' } }],
      ['a picture', { headers: { 'sec-fetch-mode': 'no-cors', 'sec-fetch-dest': 'image' } }],
    ];
    it.each(made)('%s of the callback takes nothing up, and the person still comes to their page', async (_, visit) => {
      const browser = createBrowser();
      const url = await callbackOf(browser, '/pages/wanted?a=1');
      const ahead = await browser.visit(url, { ...visit, follow: false });
      expect([ahead.headers.location, ahead.headers['set-cookie']]).toEqual([undefined, undefined]);
      expect(tokenRequests()).toBe(0);
      expect((await browser.visit(url)).json()).toMatchObject({ page: '/pages/wanted?a=1' });
      expect(tokenRequests()).toBe(1);
    });

    it('of tabs that signed in at the same time each comes to its own page again', async () => {
      const browser = createBrowser();
      const pages = ['/pages/one', '/pages/two', '/pages/three'];
      const urls: string[] = [];
      for (const page of pages) urls.push(await callbackOf(browser, page));
      for (const url of urls) await browser.visit(url);
      const again: unknown[] = [];
      for (const url of urls) again.push((await browser.visit(url)).json());
      expect(again).toMatchObject(pages.map((page) => ({ page })));
      expect(tokenRequests()).toBe(3);
    });

    it('the second of two at once ends on the wanted page too', async () => {
      const browser = createBrowser();
      const url = await callbackOf(browser, '/pages/wanted');
      const twin = browser.clone();
      const [one, two] = await Promise.all([browser.visit(url), twin.visit(url)]);
      expect([one.json(), two.json()]).toMatchObject([{ page: '/pages/wanted' }, { page: '/pages/wanted' }]);
    });
  });

  it('S109 an attempt that was sealed for another login, or changed, is none', async () => {
    const browser = createBrowser();
    const [one, two] = [await callbackOf(browser), await callbackOf(browser)];
    const cookies = (await browser.cookies(`${app.url}/auth/callback`)).filter(({ key }) => key.includes('.login-'));
    const [a, b] = cookies;
    for (const [to, from] of [
      [a, b],
      [b, a],
    ] as const)
      await browser.plant(`${to?.key}=${from?.value}; Path=/auth`, app.url);
    for (const url of [one, two]) expect((await browser.visit(url, { follow: false })).status).toBe(400);
    expect(tokenRequests()).toBe(0);
    expect((await browser.visit(await callbackOf(browser))).status).toBe(200);
  });

  it('C11 tells a browser that keeps no session cookie instead of sending it round for ever', async () => {
    const browser = createBrowser();
    let answer = await browser.visit(app.url, { follow: false });
    let rounds = 0;
    while (answer.headers.location !== undefined && rounds < 50) {
      const next = new URL(answer.headers.location, answer.url).href;
      answer = await browser.visit(next, { follow: false });
      await browser.plant('gatehouse.finance=lost; Path=/', app.url);
      rounds += 1;
    }
    expect(answer.status).toBe(400);
    expect(answer.json()).toMatchObject({ error: 'login_loop' });
    expect((await createBrowser().visit(app.url)).status).toBe(200);
  });

  describe('a provider that misbehaves', () => {
    const refused: [title: string, fault: Fault, status: number, code: string][] = [
      ['S48 oidcc-client-test-invalid-iss', 'wrong_iss', 400, 'login_failed'],
      ['S48 oidcc-client-test-missing-sub', 'missing_sub', 400, 'login_failed'],
      ['S48 R6 oidcc-client-test-invalid-aud', 'wrong_aud', 400, 'login_failed'],
      ['S48 oidcc-client-test-missing-iat', 'missing_iat', 400, 'login_failed'],
      ['S48 an ID token without exp', 'missing_exp', 400, 'login_failed'],
      ['S48 R6 an expired ID token', 'expired', 400, 'login_failed'],
      ['S48 R5 oidcc-client-test-idtoken-sig-none', 'alg_none', 400, 'login_failed'],
      ['S48 R4 HS256 with the public key', 'hs256_with_public_key', 400, 'login_failed'],
      ['S48 R4 another algorithm than the registered one', 'other_alg', 400, 'login_failed'],
      ['S48 oidcc-client-test-invalid-sig-rs256', 'bad_signature', 400, 'login_failed'],
      ['S48 a signature by a key that only claims the kid', 'foreign_key', 400, 'login_failed'],
      ['S48 R42 a key that is not in the JWKS', 'unknown_kid', 400, 'login_failed'],
      ['S48 R8 oidcc-client-test-nonce-invalid', 'wrong_nonce', 400, 'login_failed'],
      ['S48 R8 an ID token without nonce', 'missing_nonce', 400, 'login_failed'],
      ['S48 R7 oidcc-client-test-userinfo-invalid-sub', 'userinfo_other_sub', 400, 'login_failed'],
      ['S54 a wrong iss parameter', 'iss_parameter_wrong', 400, 'login_failed'],
      ['S54 a missing iss parameter', 'iss_parameter_missing', 400, 'login_failed'],
      ['S46 another state', 'state_wrong', 400, 'login_expired'],
      ['R31 access_denied', 'access_denied', 403, 'login_refused'],
      ['R46 a refused code', 'token_refused', 400, 'login_expired'],
      ['a token endpoint that answers 500', 'token_fails', 503, 'provider_unreachable'],
      ['R41 a token endpoint that hangs', 'token_hangs', 503, 'provider_unreachable'],
      ['a token endpoint that answers a page', 'token_not_json', 400, 'login_failed'],
      ['an answer without ID token', 'token_without_id_token', 400, 'login_failed'],
      ['S50 a JWKS that cannot be fetched', 'jwks_fails', 503, 'provider_unreachable'],
      ['a userinfo endpoint that answers 500', 'userinfo_fails', 503, 'provider_unreachable'],
    ];

    it.each(refused)('%s: refused with a clean answer and no session', async (_title, fault, status, code) => {
      const browser = createBrowser();
      provider.fault = fault;
      const answer = await browser.visit(`${app.url}/pages/claims`);
      expect(answer.json()).toMatchObject({ error: code });
      expect(answer.status).toBe(status);
      expect((await browser.fetch(app.url)).status).toBe(401);

      provider.fault = undefined;
      expect((await browser.visit(`${app.url}/pages/claims`)).status).toBe(200);
    });

    it('R13 C15 keeps the wanted page through a failure', async () => {
      provider.fault = 'wrong_nonce';
      const answer = await createBrowser().visit(`${app.url}/pages/claims?open=1`);
      expect(answer.json()).toMatchObject({ login_url: '/auth/login?return_to=%2Fpages%2Fclaims%3Fopen%3D1' });
    });

    it.each(['clock_fast', 'clock_slow'] as const)('C21 %s: half a minute of skew is accepted', async (fault) => {
      provider.fault = fault;
      expect((await createBrowser().visit(app.url)).status).toBe(200);
    });

    it('oidcc-client-test-kid-absent-single-jwks: accepted', async () => {
      provider.fault = 'kid_absent';
      expect((await createBrowser().visit(app.url)).status).toBe(200);
    });

    it('C29 R42 oidcc-client-test-signing-key-rotation: accepted before and after, the JWKS fetched once for each', async () => {
      expect((await createBrowser().visit(app.url)).status).toBe(200);
      expect((await createBrowser().visit(app.url)).status).toBe(200);
      expect(jwksRequests()).toBe(1);
      await provider.rotateKey();
      expect((await createBrowser().visit(app.url)).status).toBe(200);
      expect((await createBrowser().visit(app.url)).status).toBe(200);
      expect(jwksRequests()).toBe(2);
    });

    it('C29 oidcc-client-test-signing-key-rotation-just-before-signing: accepted', async () => {
      await createBrowser().visit(app.url);
      await provider.rotateKey();
      const browser = createBrowser();
      const url = await callbackOf(browser);
      await provider.rotateKey();
      expect((await browser.visit(url)).status).toBe(200);
    });

    it('oidcc-client-test-discovery-issuer-mismatch: no login begins', async () => {
      provider.fault = 'discovery_other_issuer';
      const answer = await createBrowser().visit(app.url);
      expect([answer.status, answer.json<{ error: string }>().error]).toEqual([503, 'provider_unreachable']);
    });
  });

  async function callbackOf(browser: Browser, page = '/'): Promise<string> {
    const login = `${app.url}/auth/login?return_to=${encodeURIComponent(page)}`;
    const request = await browser.visit(login, { follow: false });
    const answer = await browser.visit(request.headers.location ?? '', { follow: false });
    return answer.headers.location ?? '';
  }

  async function endEverySession(): Promise<void> {
    const token = await provider.logoutToken(app.clientId, { sub: ada.sub });
    const answer = await createBrowser().submit(`${app.url}/auth/backchannel-logout`, { logout_token: token });
    expect(answer.status).toBe(200);
  }

  const tokenRequests = () => provider.requests.filter((request) => request === 'POST /token').length;
  const jwksRequests = () => provider.requests.filter((request) => request === 'GET /jwks').length;
});
