import { type Browser, createBrowser } from '@gatehouse/test-kit/browser';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { stepUrl } from '../../testing/pages.ts';
import { parameterOf, type RelyingParty, relyingParty } from '../../testing/relying-party.ts';
import { signIn } from '../../testing/sign-in.ts';
import { type RunningProvider, startProvider } from '../../testing/start-provider.ts';

let running: RunningProvider;
let browser: Browser;
let finance: RelyingParty;

beforeAll(async () => {
  running = await startProvider();
  browser = createBrowser();
  await signIn(browser, running.issuer, 'grace.lindqvist');
  finance = relyingParty(running, 'finance', 4003);
});
afterAll(() => running.stop());

const ask = (changes: Record<string, string | undefined>) =>
  browser.visit(finance.authorizationUrl(changes), { follow: false });

const refusals = async (): Promise<number> => {
  const { rows } = await running.db.owner.query<{ count: number }>(
    `SELECT count(*)::int AS count FROM audit.event WHERE type = 'authorization.refused'`,
  );
  return rows[0]?.count ?? 0;
};

describe('an authorization request', () => {
  it('is answered with a code, the state and the issuer', async () => {
    const answer = await ask({});
    expect(answer.status).toBe(303);
    expect(answer.headers.location).toMatch(/^http:\/\/localhost:4003\/auth\/callback\?/);
    expect(parameterOf(answer, 'state')).toBe('the-state');
    expect(parameterOf(answer, 'iss')).toBe(running.issuer);
  });

  it.each([
    'http://localhost:4003.evil.example/auth/callback',
    'http://localhost:4003/auth/callback/../x',
    'http://localhost:4003/auth/callback?x=1',
    'http://localhost:4003/auth/callback/',
    'http://localhost:4004/auth/callback',
    'http://LOCALHOST:4003/auth/callback',
    'http://finance@localhost:4003/auth/callback',
    'http://localhost:4003/auth/%2f../callback',
    'javascript:alert(1)',
  ])('S01 with the unregistered redirect_uri %s ends on an error page of ours, and is recorded', async (uri) => {
    const before = await refusals();
    const answer = await ask({ redirect_uri: uri });
    expect(answer.status).toBe(400);
    expect(answer.headers.location).toBeUndefined();
    expect(answer.body).toContain('not registered');
    await expect.poll(refusals).toBeGreaterThan(before);
  });

  it.each([
    ['S03 without redirect_uri', { redirect_uri: undefined }],
    ['for an unknown client', { client_id: 'nobody' }],
  ])('%s ends on an error page of ours', async (_, changes) => {
    const answer = await ask(changes);
    expect([answer.status, answer.headers.location]).toEqual([400, undefined]);
  });

  it.each([
    ['S04 without PKCE', { code_challenge: undefined, code_challenge_method: undefined }, 'invalid_request'],
    ['S06 with a plain challenge', { code_challenge_method: 'plain' }, 'invalid_request'],
    ['S07 for a token', { response_type: 'token' }, 'invalid_request'],
    ['S07 for an ID token', { response_type: 'id_token' }, 'invalid_request'],
    ['S07 for code and ID token', { response_type: 'code id_token' }, 'invalid_request'],
    ['S07 for nothing, which only the launcher may', { response_type: 'none' }, 'invalid_request'],
    ['S07 to be answered in a form', { response_mode: 'form_post' }, 'invalid_request'],
    ['S07 to be answered in the fragment', { response_mode: 'fragment' }, 'invalid_request'],
    ['S08 for a scope of the provider that is not the client’s', { scope: 'openid email' }, 'invalid_scope'],
    ['S10b with a request object', { request: 'e30.e30.' }, 'request_not_supported'],
    ['S10b with a request_uri', { request_uri: 'https://evil.example/' }, 'request_uri_not_supported'],
    ['for an API that the client may not call', { resource: 'http://localhost:4004/api' }, 'invalid_target'],
  ])('%s is refused with an error for the app', async (_, changes: Record<string, string | undefined>, error) => {
    const { headers, body } = await ask(changes);
    const answer = headers.location ?? body;
    expect(answer).toMatch(new RegExp(`error=${error}|name="error" value="${error}"`));
    expect(answer).not.toMatch(/code=|name="code"/);
  });

  it('S08 gets neither offline_access nor a scope that does not exist', async () => {
    const code = await finance.codeFor(browser, { scope: 'openid admin offline_access' });
    const tokens = (await (await finance.redeem(code)).json()) as Record<string, string>;
    expect(tokens.scope).toBe('openid');
    expect(tokens.refresh_token).toBeUndefined();
  });

  it('S10b with a parameter given twice is refused', async () => {
    const answer = await browser.visit(`${finance.authorizationUrl()}&scope=openid`, { follow: false });
    expect(`${answer.headers.location}`).toContain('error=invalid_request');
  });

  it('S29 shows nothing of the request unescaped', async () => {
    const script = '"><script>alert(1)</script>';
    const visitor = createBrowser();
    for (const changes of [
      { login_hint: script },
      { redirect_uri: script },
      { client_id: script },
      { ui_locales: script },
    ]) {
      const page = await visitor.visit(finance.authorizationUrl(changes));
      expect(page.body).not.toContain('<script>alert');
      expect(page.headers['content-security-policy']).toContain("script-src 'self';");
    }
  });

  it('S10 is never answered by the library’s own sign-in page', async () => {
    const page = await createBrowser().visit(finance.authorizationUrl());
    expect(page.url).toContain(`${running.issuer}/interaction/`);
    expect((await createBrowser().visit(stepUrl(page, 'abort'))).status).toBe(404);
  });

  it('S10c may be posted, and is then the same request by GET', async () => {
    const { searchParams } = new URL(finance.authorizationUrl());
    const answer = await browser.submit(`${running.issuer}/auth`, Object.fromEntries(searchParams), { follow: false });
    expect(answer.status).toBe(303);
    const next = await browser.visit(new URL(answer.headers.location ?? '', answer.url).href, { follow: false });
    expect(parameterOf(next, 'code')).toBeTruthy();
  });
});

it('S88 publishes no private key', async () => {
  const { keys } = (await (await fetch(`${running.issuer}/jwks`)).json()) as { keys: Record<string, unknown>[] };
  expect(keys.map(({ alg, use }) => [alg, use])).toEqual(
    expect.arrayContaining([
      ['ES256', 'sig'],
      ['RS256', 'sig'],
    ]),
  );
  for (const key of keys) {
    for (const secret of ['d', 'p', 'q', 'dp', 'dq', 'qi']) expect(key).not.toHaveProperty(secret);
  }
});

describe('other origins', () => {
  it.each(['https://evil.example', 'http://localhost:4003.evil.example', 'null', 'http://localhost:4003'])(
    'S84 scripts of %s read nothing',
    async (origin) => {
      for (const path of ['/auth', '/token', '/me', '/token/introspection', '/']) {
        const method = path.startsWith('/token') ? 'POST' : 'GET';
        const response = await fetch(running.issuer + path, { method, headers: { origin }, redirect: 'manual' });
        expect(response.headers.get('access-control-allow-origin')).toBeNull();
      }
    },
  );

  it('may read discovery and the keys, which are public', async () => {
    const response = await fetch(`${running.issuer}/jwks`, { headers: { origin: 'https://app.example' } });
    expect(response.headers.get('access-control-allow-origin')).not.toBeNull();
  });
});
