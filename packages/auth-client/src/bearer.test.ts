import { createBrowser } from '@gatehouse/test-kit/browser';
import { createTestProvider, type TestProvider } from '@gatehouse/test-kit/provider';
import express from 'express';
import request from 'supertest';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { TokenInQuestion } from './bearer.ts';
import { bearer, requireLogin } from './index.ts';
import { createTestApp } from './test-app.ts';

const audience = 'https://human-resources.example/api';
const right = { aud: audience, sub: 'person-1', client_id: 'finance', sid: 'sid-1', scope: 'manager:read other' };

describe('bearer', () => {
  const isLive = vi.fn(async (_token: TokenInQuestion) => true);
  let provider: TestProvider;
  let api: ReturnType<typeof createApi>;

  beforeAll(async () => {
    provider = await createTestProvider();
    api = createApi();
  });
  beforeEach(() => void isLive.mockClear());
  afterAll(() => provider.close());

  it('R38 P41 lets in an app with a token for this API and scope, and tells who calls for whom', async () => {
    const answer = await call(await provider.accessToken(right));
    expect([answer.status, answer.body]).toEqual([
      200,
      { personId: 'person-1', clientId: 'finance', sid: 'sid-1', scopes: ['manager:read', 'other'] },
    ]);
    expect(isLive).toHaveBeenCalledExactlyOnceWith({
      clientId: 'finance',
      sid: 'sid-1',
      personId: 'person-1',
      audience,
      scope: 'manager:read',
    });
  });

  it('S107 takes no token under another scheme', async () => {
    const token = await provider.accessToken(right);
    for (const scheme of ['DPoP', 'MAC', 'Basic', 'BearerX'])
      expect((await request(api).get('/').set('Authorization', `${scheme} ${token}`)).status).toBe(401);
  });

  it('P19 takes the scheme in any case', async () => {
    const token = await provider.accessToken(right);
    expect((await request(api).get('/').set('Authorization', `bearer ${token}`)).status).toBe(200);
  });

  it('P41 asks for a token where there is none, without an error code (RFC 6750 §3)', async () => {
    const answer = await request(api).get('/');
    expect([answer.status, answer.headers['www-authenticate']]).toEqual([401, `Bearer realm="${audience}"`]);
  });

  it('S17c P19 takes no token from the query', async () => {
    expect((await request(api).get(`/?access_token=${await provider.accessToken(right)}`)).status).toBe(401);
  });

  const { sub: _, ...withoutSub } = right;
  const { sid: __, ...withoutSid } = right;
  const { client_id: ___, ...withoutClient } = right;
  const wrong: [title: string, claims: Record<string, unknown>, header?: Record<string, unknown>][] = [
    ['for another audience', { ...right, aud: 'https://finance.example/api' }],
    ['of another issuer', { ...right, iss: 'https://another.example' }],
    ['that has expired', { ...right, exp: 1 }],
    ['without sub', withoutSub],
    ['without sid', withoutSid],
    ['without client_id', withoutClient],
    ['that is an ID token', right, { typ: 'JWT' }],
    ['that is a logout token', right, { typ: 'logout+jwt' }],
    ['S107 that is bound to a key of its holder', { ...right, cnf: { jkt: 'x' } }],
    ['S107 that is bound to a certificate', { ...right, cnf: { 'x5t#S256': 'x' } }],
    ['S107 that is bound to nothing that we know', { ...right, cnf: {} }],
  ];
  it.each(wrong)('P41 refuses a token %s', async (_title, claims, header) => {
    const answer = await call(await provider.accessToken(claims, header));
    expect([answer.status, answer.headers['www-authenticate']]).toEqual([
      401,
      `Bearer realm="${audience}", error="invalid_token"`,
    ]);
    expect(isLive).not.toHaveBeenCalled();
  });

  it('S16c refuses a token that was cut or lengthened', async () => {
    const token = await provider.accessToken(right);
    for (const changed of [token.slice(0, -4), `${token}AAAA`, token.replace('.', '..')]) {
      expect((await call(changed)).status).toBe(401);
    }
  });

  it('S63d refuses a token whose sign-in has ended, at the next request', async () => {
    const token = await provider.accessToken(right);
    expect((await call(token)).status).toBe(200);
    isLive.mockResolvedValueOnce(false);
    expect((await call(token)).headers['www-authenticate']).toContain('error="invalid_token"');
  });

  it('P41 answers 403 and names the scope where it is missing', async () => {
    const answer = await call(await provider.accessToken({ ...right, scope: 'other' }));
    expect([answer.status, answer.headers['www-authenticate']]).toEqual([
      403,
      `Bearer realm="${audience}", error="insufficient_scope", scope="manager:read"`,
    ]);
  });

  it('S50 lets nobody in while it cannot judge', async () => {
    const token = await provider.accessToken(right);
    isLive.mockRejectedValueOnce(new Error('the database is away'));
    expect((await call(token)).status).toBe(500);
    await provider.stop();
    expect((await request(createApi()).get('/').set('Authorization', `Bearer ${token}`)).status).toBe(503);
    await provider.start();
  });

  it('C29 R42 bounds what unknown keys cost the provider', async () => {
    const token = await provider.accessToken(right);
    await call(token);
    const fetched = jwksRequests();
    await Promise.all(Array.from({ length: 20 }, (_, n) => provider.accessToken(right, { kid: `k${n}` }).then(call)));
    expect(jwksRequests()).toBe(fetched);
    expect((await call(token)).status).toBe(200);
  });

  it('calls an API for the person with the token that the app holds for it', async () => {
    provider.person = { sub: 'person-1' };
    const store = { ...(await import('./memory-store.ts')).memoryStore(), knowsPeople: true };
    const app = await createTestApp(provider, {
      store,
      options: { resource: audience, scope: 'openid manager:read' },
      routes(app, auth) {
        app.get('/manager', requireLogin(), async (req, res) => {
          const answer = await call(auth.accessToken(req));
          res.status(answer.status).json(answer.body);
        });
      },
    });
    const browser = createBrowser();
    const answer = await browser.visit(`${app.url}/manager`);
    expect(answer.json()).toMatchObject({ personId: 'person-1', clientId: 'finance' });
    expect((await browser.visit(app.url)).body).not.toContain('eyJ');
    await app.close();
  });

  function createApi() {
    const app = express();
    app.get('/', bearer({ issuer: provider.issuer, audience, scope: 'manager:read', isLive }), (req, res) => {
      res.json(req.caller);
    });
    return app;
  }

  const call = (token: string) => request(api).get('/').set('Authorization', `Bearer ${token}`);
  const jwksRequests = () => provider.requests.filter((path) => path === 'GET /jwks').length;
});
