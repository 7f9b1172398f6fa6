import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { randomToken } from '@gatehouse/encryption';
import { type BareProvider, createBareProvider } from '@gatehouse/test-kit/bare-provider';
import { createBrowser } from '@gatehouse/test-kit/browser';
import express from 'express';
import { exportJWK, generateKeyPair } from 'jose';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type Auth, authClient, bearer, memoryStore, requireLogin } from './index.ts';

const audience = 'https://human-resources.example/api';
const clientSecret = randomToken();

describe('an app elsewhere, at oidc-provider as it comes', () => {
  const [app, caller, keyed] = [createServer(), createServer(), createServer()];
  let [url, callerUrl, keyedUrl] = ['', '', ''];
  let provider: BareProvider;

  beforeAll(async () => {
    [url, callerUrl, keyedUrl] = [await listen(app), await listen(caller), await listen(keyed)];
    const { publicKey, privateKey } = await generateKeyPair('ES256', { extractable: true });
    const publicJwk = await exportJWK(publicKey);
    provider = await createBareProvider(
      [
        { clientId: 'app', clientSecret, baseUrl: url },
        { clientId: 'caller', clientSecret, baseUrl: callerUrl, scope: 'openid manager:read' },
        { clientId: 'keyed', publicJwk, baseUrl: keyedUrl },
      ],
      'ada',
    );
    app.on('request', createApp({ clientId: 'app', baseUrl: url, clientSecret }));
    caller.on('request', createCaller());
    keyed.on('request', createApp({ clientId: 'keyed', baseUrl: keyedUrl, privateKey }));
  });
  afterAll(async () => {
    for (const server of [app, caller, keyed]) server.close().closeAllConnections();
    await provider.close();
  });

  it('oidcc-client-test-scope-userinfo-claims: knows the person from userinfo', async () => {
    const answer = await createBrowser().visit(`${url}/page`);
    expect(answer.json<Auth>().person).toEqual({
      id: 'ada',
      name: 'Name of ada',
      login: 'ada',
      email: 'ada@example.org',
    });
  });

  it('R40 authenticates by private_key_jwt where it has a key instead of a secret', async () => {
    expect((await createBrowser().visit(`${keyedUrl}/page`)).json<Auth>().person.id).toBe('ada');
    expect(() => createApp({ clientId: 'app', baseUrl: url })).toThrow(TypeError);
  });

  it('signs the same browser in silently a second time', async () => {
    const browser = createBrowser();
    await browser.visit(`${url}/page`);
    provider.person = 'somebody else';
    expect((await browser.visit(`${url}/auth/login?return_to=/page`)).json<Auth>().person.id).toBe('ada');
    provider.person = 'ada';
  });

  it('R47 signs out at the provider, which tells every browser session of the app', async () => {
    const browser = createBrowser();
    await browser.visit(`${url}/page`);
    const elsewhere = browser.clone();
    expect((await elsewhere.fetch(`${url}/page`)).status).toBe(200);
    const confirm = await browser.visit(`${url}/sign-out-at-provider-only`);
    const form = Object.fromEntries(
      [...confirm.body.matchAll(/name="(\w+)" value="([^"]*)"/g)].map(([, name, value]) => [name, value]),
    ) as Record<string, string>;
    const action = /action="([^"]+)"/.exec(confirm.body)?.[1] ?? expect.fail('the provider asks for confirmation');
    await browser.submit(action, { ...form, logout: 'yes' }, { follow: false });
    await vi.waitFor(async () => expect((await elsewhere.fetch(`${url}/page`)).status).toBe(401));
  });

  it('R38 takes the access tokens that it issues for an API (RFC 9068)', async () => {
    const answer = await createBrowser().visit(`${callerUrl}/call`);
    expect(answer.json()).toMatchObject({ personId: 'ada', clientId: 'caller', scopes: ['manager:read'] });
  });

  function createApp(client: { clientId: string; baseUrl: string; clientSecret?: string; privateKey?: CryptoKey }) {
    const auth = authClient({ ...common(), ...client, store: memoryStore() });
    const app = express().use(auth.session, auth.routes);
    app.get('/page', requireLogin(), (req, res) => void res.json(req.auth));
    app.get('/sign-out-at-provider-only', (req, res) => {
      res.redirect(`${provider.issuer}/session/end?id_token_hint=${req.session.signIn?.idToken}`);
    });
    return app;
  }

  /** Calls an API for the person; the API is in the same process, which makes no difference to the token. */
  function createCaller() {
    const store = { ...memoryStore(), knowsPeople: true };
    const scope = 'openid manager:read';
    const auth = authClient({
      ...common(),
      clientId: 'caller',
      clientSecret,
      baseUrl: callerUrl,
      store,
      scope,
      resource: audience,
    });
    const app = express().use(auth.session, auth.routes);
    app.get('/call', requireLogin(), async (req, res) => {
      const headers = { authorization: `Bearer ${auth.accessToken(req)}` };
      const answer = await fetch(`${callerUrl}/api`, { headers });
      res.status(answer.status).json(answer.ok ? await answer.json() : answer.headers.get('www-authenticate'));
    });
    const isLive = async () => true;
    app.get('/api', bearer({ issuer: provider.issuer, audience, scope: 'manager:read', isLive }), (req, res) => {
      res.json(req.caller);
    });
    return app;
  }

  const common = () => ({ issuer: provider.issuer, sessionKey: randomToken() });
});

async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
  return `http://localhost:${(server.address() as AddressInfo).port}`;
}
