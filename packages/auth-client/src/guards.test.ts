import { createBrowser } from '@gatehouse/test-kit/browser';
import { createTestProvider, type TestProvider } from '@gatehouse/test-kit/provider';
import request from 'supertest';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { requireLogin, requireRole, routeGuard } from './index.ts';
import { createTestApp, type TestApp } from './test-app.ts';

describe('guards', () => {
  const handler = vi.fn((_req, res) => res.json({ done: true }));
  let provider: TestProvider;
  let app: TestApp;

  beforeAll(async () => {
    provider = await createTestProvider({ person: { sub: 'person-1', roles: ['clerk', 'auditor'] } });
    app = await createTestApp(provider, {
      routes(express) {
        express.all('/form', requireLogin(), handler);
        express.get('/clerk', requireRole('clerk'), handler);
        express.get('/approver', requireRole('approver'), handler);
        express.get('/either', routeGuard()(['approver', 'auditor']), handler);
      },
    });
  });
  afterAll(async () => {
    await app.close();
    await provider.close();
  });

  const page: Record<string, string> = { 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' };
  const isPage: [headers: Record<string, string>, page: boolean][] = [
    [{ accept: 'text/html' }, true],
    [{ accept: '*/*' }, true],
    [{}, true],
    [{ ...page, accept: 'text/html' }, true],
    [{ accept: 'application/json' }, false],
    [{ accept: 'text/html', 'x-requested-with': 'XMLHttpRequest' }, false],
    [{ ...page, accept: 'text/html', 'sec-fetch-mode': 'cors' }, false],
    [{ ...page, accept: 'text/html', 'sec-fetch-mode': 'no-cors' }, false],
    [{ ...page, accept: 'text/html', 'sec-fetch-dest': 'iframe' }, false],
    [{ ...page, accept: 'text/html', 'sec-fetch-dest': 'image' }, false],
  ];
  it.each(isPage)('C16 R29 a signed-out request with %j is a page load: %j', async (headers, expected) => {
    const response = await request(app.url)
      .get('/form?a=1')
      .set(headers)
      .redirects(0)
      .ok(() => true);
    if (expected) {
      expect([response.status, response.headers.location]).toEqual([302, '/auth/login?return_to=%2Fform%3Fa%3D1']);
    } else {
      expect(response.status).toBe(401);
      expect(response.body).toEqual({ error: 'login_required', login_url: '/auth/login?return_to=%2F' });
      expect(response.headers.location).toBeUndefined();
    }
    expect(response.headers['cache-control']).toBe('no-store');
  });

  it.each(['POST', 'PUT', 'PATCH', 'DELETE'])(
    'C13 R25 a signed-out %s is refused before its handler runs',
    async (method) => {
      handler.mockClear();
      const answer = await createBrowser().submit(`${app.url}/form`, { a: '1' }, { method });
      expect([answer.status, answer.json<{ error: string }>().error]).toEqual([401, 'login_required']);
      const script = await createBrowser().fetch(`${app.url}/form`, { method });
      expect([script.status, script.json<{ error: string }>().error]).toEqual([401, 'login_required']);
      expect(handler).not.toHaveBeenCalled();

      const browser = createBrowser();
      await browser.visit(app.url);
      expect((await browser.submit(`${app.url}/form`, { a: '1' }, { method })).status).toBe(200);
      expect(handler).toHaveBeenCalledOnce();
    },
  );

  it('R30 C14 leads a form and a script back to the page they were on, and nowhere else', async () => {
    const from = async (referer: string) => {
      const answer = await createBrowser().fetch(`${app.url}/form`, { method: 'POST', headers: { referer } });
      return answer.json<{ login_url: string }>().login_url;
    };
    expect(await from(`${app.url}/pages/new?kind=1`)).toBe('/auth/login?return_to=%2Fpages%2Fnew%3Fkind%3D1');
    expect(await from(`${app.url}.evil.example/`)).toBe('/auth/login?return_to=%2F');
    expect(await from(`${app.url}//evil.example/`)).toBe('/auth/login?return_to=%2F');
  });

  it('S65 lets in who has the role and refuses with 403 who has not', async () => {
    const browser = createBrowser();
    await browser.visit(app.url);
    expect((await browser.visit(`${app.url}/clerk`)).status).toBe(200);
    expect((await browser.visit(`${app.url}/either`)).status).toBe(200);
    const refused = await browser.visit(`${app.url}/approver`);
    expect([refused.status, refused.json<{ error: string }>().error]).toEqual([403, 'role_required']);
  });

  it('asks who is signed out to sign in before it speaks of roles', async () => {
    const answer = await createBrowser().visit(`${app.url}/approver`, { follow: false });
    expect(answer.headers.location).toBe('/auth/login?return_to=%2Fapprover');
  });

  it('refuses to mount an API route where nothing can check bearer tokens', () => {
    expect(() => routeGuard()({ scope: 'manager:read' })).toThrow(TypeError);
    expect(routeGuard({ bearer: () => handler })({ scope: 'manager:read' })).toEqual([handler]);
    expect(routeGuard()('public')).toEqual([]);
  });
});
