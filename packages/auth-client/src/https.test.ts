import { randomToken } from '@gatehouse/encryption';
import { createTestProvider, type TestProvider } from '@gatehouse/test-kit/provider';
import express, { type ErrorRequestHandler } from 'express';
import request from 'supertest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AuthClientError, authClient, memoryStore, requireLogin } from './index.ts';

const baseUrl = 'https://finance.example';

describe('behind a proxy that ends https', () => {
  let provider: TestProvider;

  beforeAll(async () => {
    provider = await createTestProvider({ person: { sub: 'person-1' } });
    provider.register({ clientId: 'finance', clientSecret: 'secret', baseUrl });
  });
  afterAll(() => provider.close());

  it('S18 S51 sets Secure cookies with the __Host- prefix, which no sibling site can plant', async () => {
    const app = createApp({ trustsProxy: true });
    const begun = await request(app).get('/auth/login').set('X-Forwarded-Proto', 'https');
    const attempt = cookieOf(begun.headers, /login-/);
    expect(attempt).toMatch(
      /^__Host-gatehouse\.finance\.login-[0-9a-f]{16}=[\w.-]+; Max-Age=600; Path=\/; .*HttpOnly; Secure; SameSite=Lax$/,
    );

    const returned = await fetch(begun.headers.location ?? '', { redirect: 'manual' });
    const { pathname, search } = new URL(returned.headers.get('location') ?? '');
    const finished = await request(app)
      .get(pathname + search)
      .set('X-Forwarded-Proto', 'https')
      .set('Cookie', attempt.split(';')[0] ?? '');
    expect(finished.status).toBe(302);
    const session = cookieOf(finished.headers, /^__Host-gatehouse\.finance=/);
    expect(session).toMatch(/^__Host-gatehouse\.finance=s%3A[^;]+; Path=\/; HttpOnly; Secure; SameSite=Lax$/);

    const page = await request(app)
      .get('/')
      .set('Cookie', session.split(';')[0] ?? '');
    expect(page.body).toEqual({ person: 'person-1' });
  });

  it('S80 says what is wrong where the proxy is not trusted, instead of losing the cookie', async () => {
    const answer = await request(createApp({ trustsProxy: false }))
      .get('/auth/login')
      .set('X-Forwarded-Proto', 'https');
    expect([answer.status, answer.body.error]).toEqual([500, 'proxy_not_trusted']);
  });

  function createApp({ trustsProxy }: { trustsProxy: boolean }) {
    const auth = authClient({
      issuer: provider.issuer,
      clientId: 'finance',
      clientSecret: 'secret',
      baseUrl,
      sessionKey: randomToken(),
      store: memoryStore(),
    });
    const app = express().set('trust proxy', trustsProxy).use(auth.session, auth.routes);
    app.get('/', requireLogin(), (req, res) => void res.json({ person: req.auth?.person.id }));
    return app.use(answerError);
  }
});

const answerError: ErrorRequestHandler = (error: AuthClientError, _req, res, _next) =>
  void res.status(error.status).json({ error: error.code });

function cookieOf(headers: Record<string, unknown>, name: RegExp): string {
  const lines = headers['set-cookie'] as string[];
  return lines.find((line) => name.test(line)) ?? expect.fail(`no cookie ${name}`);
}
