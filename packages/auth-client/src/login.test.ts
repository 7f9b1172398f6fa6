import { randomBytes } from 'node:crypto';
import { createBrowser } from '@gatehouse/test-kit/browser';
import { createTestProvider, type TestProvider } from '@gatehouse/test-kit/provider';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createTestApp, type TestApp } from './test-app.ts';

const ada = { sub: 'person-1', name: 'Ada Park', email: 'ada@example.org', login: 'ada.park', roles: ['clerk'] };

describe('login', () => {
  let provider: TestProvider;
  let app: TestApp;

  beforeAll(async () => {
    provider = await createTestProvider();
    app = await createTestApp(provider);
  });
  beforeEach(() => {
    provider.person = ada;
    provider.fault = undefined;
  });
  afterAll(async () => {
    await app.close();
    await provider.close();
  });

  it('oidcc-client-test: signs in and returns to the page asked for, query included', async () => {
    const answer = await createBrowser().visit(`${app.url}/pages/claims?year=2026&open=1`);
    expect(answer.status).toBe(200);
    expect(answer.json()).toMatchObject({
      page: '/pages/claims?year=2026&open=1',
      auth: {
        person: { id: 'person-1', name: 'Ada Park', email: 'ada@example.org', login: 'ada.park' },
        roles: ['clerk'],
      },
    });
    expect(answer.visited.map((url) => new URL(url).pathname)).toEqual([
      '/pages/claims',
      '/auth/login',
      '/auth',
      '/auth/callback',
      '/pages/claims',
    ]);
  });

  it('S47 gives a new session id at login and forgets a planted one', async () => {
    const browser = createBrowser();
    const planted = 's%3Aplanted.signature';
    await browser.plant(`gatehouse.finance=${planted}; Path=/`, app.url);
    await browser.visit(`${app.url}/`);
    const first = await sessionCookie(browser);
    await browser.visit(`${app.url}/auth/login`);
    const second = await sessionCookie(browser);
    expect(new Set([planted, first, second]).size).toBe(3);
    const old = await createBrowser().fetch(`${app.url}/`, { headers: { cookie: `gatehouse.finance=${first}` } });
    const current = await createBrowser().fetch(`${app.url}/`, { headers: { cookie: `gatehouse.finance=${second}` } });
    expect([old.status, current.status]).toEqual([401, 200]);
  });

  it.each([
    '//evil.example',
    '/\\evil.example',
    'https:evil.example',
    'https://evil.example/',
    '/%0d%0aLocation:x\r\n',
  ])('S49 R12 does not return to %j', async (returnTo) => {
    const answer = await createBrowser().visit(`${app.url}/auth/login?return_to=${encodeURIComponent(returnTo)}`);
    expect(answer.status).toBe(200);
    expect(answer.url).toBe(`${app.url}/`);
  });

  it('S53 takes the callback URL from configuration, whatever the request says', async () => {
    const headers = { 'x-forwarded-host': 'evil.example', 'x-forwarded-proto': 'https', host: 'evil.example' };
    const answer = await createBrowser().visit(`${app.url}/auth/login`, { follow: false, headers });
    const request = new URL(answer.headers.location ?? '');
    expect(request.searchParams.get('redirect_uri')).toBe(`${app.url}/auth/callback`);
    expect(request.origin).toBe(provider.issuer);
  });

  it('R8 R9 sends state, nonce and an S256 challenge, each new, and no token in a query', async () => {
    const requests = await Promise.all(
      [1, 2].map(async () => {
        const answer = await createBrowser().visit(`${app.url}/auth/login`, { follow: false });
        return Object.fromEntries(new URL(answer.headers.location ?? '').searchParams);
      }),
    );
    expect(requests[0]).toMatchObject({ response_type: 'code', code_challenge_method: 'S256', client_id: 'finance' });
    for (const name of ['state', 'nonce', 'code_challenge']) {
      expect(requests[0]?.[name]).toMatch(/^[\w-]{43}$/);
      expect(requests[0]?.[name]).not.toBe(requests[1]?.[name]);
    }
  });

  it('C54 tells a provider elsewhere nothing of the pages of the app', async () => {
    const { headers } = await createBrowser().visit(`${app.url}/auth/login?return_to=/pages/a`, { follow: false });
    expect(new URL(headers.location ?? '').searchParams.has('target_link_uri')).toBe(false);
  });

  it('R14 passes on what a login may ask for, and nothing else', async () => {
    const wishes = 'login_hint=ada&ui_locales=mi&acr_values=mfa&prompt=login';
    const login = `${app.url}/auth/login?${wishes}&client_id=other&redirect_uri=https://evil.example&scope=all`;
    const { headers } = await createBrowser().visit(login, { follow: false });
    expect(Object.fromEntries(new URL(headers.location ?? '').searchParams)).toMatchObject({
      login_hint: 'ada',
      ui_locales: 'mi',
      acr_values: 'mfa',
      prompt: 'login',
      client_id: 'finance',
      redirect_uri: `${app.url}/auth/callback`,
      scope: 'openid profile email',
    });
  });

  it('C10 C20 R10 lets eight tabs sign in at once, each to its own page', async () => {
    const browser = createBrowser();
    const pages = Array.from({ length: 8 }, (_, tab) => `/pages/${tab}`);
    const begun = await Promise.all(
      pages.map((page) => browser.visit(`${app.url}/auth/login?return_to=${page}`, { follow: false })),
    );
    const callbacks = await Promise.all(
      begun.map(({ headers }) => browser.visit(headers.location ?? '', { follow: false })),
    );
    const landed = await Promise.all(
      callbacks.map(({ headers }) => browser.visit(headers.location ?? '', { follow: false })),
    );
    expect(landed.map(({ headers }) => headers.location)).toEqual(pages);
    expect((await browser.visit(`${app.url}/`, { follow: false })).status).toBe(200);
  });

  it.each([' ', '\t', '\u00a0'])(
    'S98 a cookie whose name begins with %j counts only where a browser takes that off',
    async (space) => {
      const attacker = createBrowser();
      const begun = await attacker.visit(`${app.url}/auth/login`, { follow: false });
      const atProvider = await attacker.visit(begun.headers.location ?? '', { follow: false });
      const planted = (await attacker.cookies(`${app.url}/auth/callback`)).map(
        (cookie) => space + cookie.cookieString(),
      );
      const victim = createBrowser();
      const headers = { cookie: `a=b;${planted.join(';')}` };
      await victim.visit(atProvider.headers.location ?? '', { headers, follow: false });
      // A sibling host may set a name that only resembles a `__Host-` one; spaces and tabs browsers drop when it is
      // set.
      expect((await victim.visit(`${app.url}/`, { follow: false })).status).toBe(space === '\u00a0' ? 302 : 200);
    },
  );

  it('C12 keeps at most ten attempts in the browser, the newest, in small headers', async () => {
    const browser = createBrowser();
    const begun: string[] = [];
    for (let attempt = 0; attempt < 100; attempt++) {
      const answer = await browser.visit(`${app.url}/auth/login`, { follow: false });
      begun.push(answer.headers.location ?? '');
    }
    const header = (await browser.cookies(`${app.url}/auth/callback`)).map(String).join('; ');
    expect(header.length).toBeLessThan(4096);
    expect(await browser.cookies(`${app.url}/auth/callback`)).toHaveLength(10);
    expect(await browser.cookies(`${app.url}/`)).toHaveLength(0);
    expect((await browser.visit(begun.at(-1) ?? '')).status).toBe(200);
  });

  it('C55 S109 comes back to addresses of 8 KB byte for byte, beside others, and the browser’s requests stay small', async () => {
    const browser = createBrowser();
    const long = Array.from(
      { length: 3 },
      (_, n) => `/pages/${n}?f=${randomBytes(3000).toString('base64url')}${'\\%20'.repeat(1000)}`,
    );
    const begun: string[] = [];
    for (const page of [...long, '/pages/short']) {
      const login = `${app.url}/auth/login?return_to=${encodeURIComponent(page)}`;
      begun.push((await browser.visit(login, { follow: false })).headers.location ?? '');
    }
    const cookies = await browser.cookies(`${app.url}/auth/callback`);
    expect(cookies.map(String).join('; ').length).toBeLessThan(16_000);
    for (const { key, value } of cookies) expect(key.length + value.length).toBeLessThan(4096);
    for (const at of [3, 2]) {
      const { headers } = await browser.visit(begun[at] ?? '', { follow: false });
      const landed = await browser.visit(headers.location ?? '', { follow: false });
      expect(landed.headers.location).toBe([...long, '/pages/short'][at]);
    }
  });

  it('S51 R36 C8 sets cookies that scripts cannot read, named after the app, with no token in them', async () => {
    const browser = createBrowser();
    const signedIn = await browser.visit(`${app.url}/`);
    expect(signedIn.status).toBe(200);
    const cookies = (await browser.cookies(`${app.url}/auth/callback`)).filter(({ key }) =>
      key.startsWith('gatehouse'),
    );
    expect(cookies.map((cookie) => cookie.key).sort()).toEqual(['gatehouse.finance', 'gatehouse.finance.rounds']);
    for (const cookie of cookies) {
      expect(cookie).toMatchObject({ httpOnly: true, sameSite: 'lax' });
      expect(cookie.value).not.toContain('eyJ');
    }
  });

  async function sessionCookie(browser: ReturnType<typeof createBrowser>): Promise<string | undefined> {
    return (await browser.cookies(app.url)).find(({ key }) => key === 'gatehouse.finance')?.value;
  }
});
