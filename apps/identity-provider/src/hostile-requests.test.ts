import { type Browser, createBrowser } from '@gatehouse/test-kit/browser';
import { failuresOf } from '@gatehouse/test-kit/hostile-requests';
import { declaredRoutes } from '@gatehouse/web';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { csrfOf } from '../testing/pages.ts';
import { signIn } from '../testing/sign-in.ts';
import { type RunningProvider, startProvider } from '../testing/start-provider.ts';

let running: RunningProvider;
let browser: Browser;
let token: string;
beforeAll(async () => {
  running = await startProvider();
  browser = createBrowser();
  await signIn(browser, running.issuer, 'tomas.reyes');
  token = csrfOf(await browser.visit(`${running.issuer}/account/password`));
});
afterAll(() => running.stop());

/** Of the protocol, by path: the library's and ours. */
const endpoints = ['auth', 'token', 'token/introspection', 'token/revocation', 'request', 'device', 'device/auth', 'me']
  .concat(['jwks', 'session/end', 'session/end/confirm', 'auth/x', 'device/x', '.well-known/openid-configuration'])
  .flatMap((path) => (['get', 'post'] as const).map((method) => ({ method, path: `/${path}` })));
const parameters = `client_id client_secret redirect_uri response_type scope state nonce code code_verifier grant_type
  refresh_token token token_type_hint resource acr_values max_age prompt login_hint ui_locales id_token_hint user_code
  device_code post_logout_redirect_uri request_uri code_challenge claims xsrf`.split(/\s+/);
const fields = ['login', 'password', 'code', 'email', 'token', 'session', 'passkey', 'name', 'challenge', 'response'];

describe('S111 nothing that a request may hold makes the provider fail', () => {
  it.each(endpoints)('$method $path', async (route) => {
    expect(await failuresOf(browser, running.issuer, route, { fields: parameters, token })).toEqual([]);
  });

  it('at any declared route', async () => {
    const failures: string[] = [];
    const routes = declaredRoutes(running.app).filter(({ path }) => !/sign-out|sessions\/end/.test(path));
    for (const route of routes) {
      failures.push(...(await failuresOf(browser, running.issuer, route, { fields: [...fields, 'search'], token })));
    }
    expect(failures).toEqual([]);
  });

  it.each([
    ['in Basic credentials', 'a\0b:c'],
    ['in Basic credentials, percent-encoded', 'a%00b:c'],
  ])('NUL %s is named, and plain ones are judged', async (_, credentials) => {
    const ask = (value: string) =>
      fetch(`${running.issuer}/token`, {
        method: 'POST',
        headers: { authorization: `Basic ${Buffer.from(value).toString('base64')}` },
        body: new URLSearchParams({ grant_type: 'authorization_code', code: 'x' }),
      });
    expect((await ask(credentials)).status).toBe(400);
    expect((await ask('nobody:x')).status).toBe(401);
  });

  it.each(['\0', 'nobody'])('a JWT that names %j as client, subject and key is judged', async (name) => {
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const jwt = `${part({ alg: 'ES256', typ: 'at+jwt', kid: name })}.${part({ iss: name, sub: name })}.AAAA`;
    const assertion = {
      grant_type: 'client_credentials',
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: jwt,
    };
    const authorization = `Basic ${Buffer.from(`finance:${running.db.clientSecret('finance')}`).toString('base64')}`;
    const post = async (path: string, form: Record<string, string>, headers = {}) =>
      (await fetch(running.issuer + path, { method: 'POST', headers, body: new URLSearchParams(form) })).status;
    expect(await post('/token', assertion)).toBe(401);
    expect(await post('/token/introspection', { token: jwt }, { authorization })).toBe(200);
    expect(await post('/api/clients', {}, { authorization: `Bearer ${jwt}` })).toBe(401);
  });

  it('says what is wrong, as a page and to a script', async () => {
    const page = await createBrowser().visit(`${running.issuer}/auth?client_id=%00`);
    expect([page.status, page.body]).toEqual([400, expect.stringContaining('invisible character')]);
    const script = await createBrowser().fetch(`${running.issuer}/account?x=%00`);
    expect(script.json()).toMatchObject({ error: 'unstorable_character' });
  });
});
