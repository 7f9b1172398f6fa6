import { createBrowser } from '@gatehouse/test-kit/browser';
import { createTestProvider, type TestProvider } from '@gatehouse/test-kit/provider';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestApp, type TestApp } from './test-app.ts';

let provider: TestProvider;
let app: TestApp;
beforeAll(async () => {
  provider = await createTestProvider({ person: { sub: 'person-1', name: 'Ada Park' } });
  app = await createTestApp(provider);
});
afterAll(async () => {
  await app.close();
  await provider.close();
});

describe('P33 a page that asks whether it is still signed in', () => {
  it('is told so until somebody signs out somewhere, and without a page or a cookie', async () => {
    const browser = createBrowser();
    const ask = (query = '') => browser.fetch(`${app.url}/auth/session${query}`);
    const before = await ask();
    expect([before.status, before.headers['set-cookie'], before.headers['cache-control']]).toEqual([
      401,
      undefined,
      'no-store',
    ]);
    await browser.visit(app.url);
    expect([(await ask()).status, (await ask('?person=person-1')).status]).toEqual([204, 204]);
    const token = await provider.logoutToken('finance', { sub: 'person-1' });
    await createBrowser().submit(`${app.url}/auth/backchannel-logout`, { logout_token: token });
    expect((await ask()).status).toBe(401);
  });

  it('is told no where somebody else is signed in meanwhile', async () => {
    const browser = createBrowser();
    await browser.visit(app.url);
    expect((await browser.fetch(`${app.url}/auth/session?person=person-2`)).status).toBe(401);
    expect((await browser.fetch(`${app.url}/auth/session?person=person-1`)).status).toBe(204);
  });
});
