import { type Browser, createBrowser } from '@gatehouse/test-kit/browser';
import {
  type BadLogoutToken,
  badLogoutTokens,
  createTestProvider,
  type TestProvider,
} from '@gatehouse/test-kit/provider';
import { beforeEach, describe, expect, it } from 'vitest';
import { createTestApp, type TestApp } from './test-app.ts';

const ada = { sub: 'person-1', name: 'Ada Park' };
const badTokens = Object.keys(badLogoutTokens) as BadLogoutToken[];

describe('back-channel logout', () => {
  let provider: TestProvider;
  let app: TestApp;
  let sids: string[];

  beforeEach(async () => {
    sids = [];
    provider = await createTestProvider({ person: ada });
    provider.hooks.onSignIn = async ({ sid }) => void sids.push(sid);
    app = await createTestApp(provider);
    return async () => {
      await app.close();
      await provider.close();
    };
  });

  it('R47 oidcc-client-test-rp-backchannel-rpinitlogout: ends the session, answers 200, is not stored by caches', async () => {
    const browser = await signedIn();
    const answer = await send(await provider.logoutToken('finance', { sub: ada.sub, sid: sids[0] ?? '' }));
    expect(answer.status).toBe(200);
    expect(answer.headers['cache-control']).toBe('no-store');
    expect((await browser.fetch(app.url)).status).toBe(401);
  });

  it('S62 a token with sid ends that session only', async () => {
    const [one, two] = [await signedIn(), await signedIn()];
    await send(await provider.logoutToken('finance', { sub: ada.sub, sid: sids[0] ?? '' }));
    expect([await statusOf(one), await statusOf(two)]).toEqual([401, 200]);
  });

  it('S62 a token with only sub ends every session of that person and nobody else', async () => {
    const [one, two] = [await signedIn(), await signedIn()];
    provider.person = { sub: 'person-2' };
    const other = await signedIn();
    await send(await provider.logoutToken('finance', { sub: ada.sub }));
    expect([await statusOf(one), await statusOf(two), await statusOf(other)]).toEqual([401, 401, 200]);
  });

  it.each(badTokens)('S61 C22 refuses a logout token with %s: 400, no-store, nobody signed out', async (wrong) => {
    const browser = await signedIn();
    const answer = await send(await provider.logoutToken('finance', { sub: ada.sub, sid: sids[0] ?? '' }, wrong));
    expect(answer.status).toBe(400);
    expect(answer.headers['cache-control']).toBe('no-store');
    expect(answer.json()).toMatchObject({ error: 'invalid_request' });
    expect(await statusOf(browser)).toBe(200);
  });

  it('S61 C22 takes a logout token once', async () => {
    const token = await provider.logoutToken('finance', { sub: ada.sub });
    expect((await send(token)).status).toBe(200);
    const browser = await signedIn();
    expect((await send(token)).status).toBe(400);
    expect(await statusOf(browser)).toBe(200);
  });

  it.each([{}, { logout_token: '' }, { other: 'x' }])('S61 refuses a request with %j', async (form) => {
    expect((await createBrowser().submit(`${app.url}/auth/backchannel-logout`, form)).status).toBe(400);
  });

  it.each(['sid', 'sub'])('S63 makes no session for a login whose logout token, by %s, came first', async (by) => {
    provider.hooks.onExchange = async ({ sid }) => {
      const answer = await send(await provider.logoutToken('finance', by === 'sid' ? { sid } : { sub: ada.sub }));
      expect(answer.status).toBe(200);
    };
    const browser = createBrowser();
    const answer = await browser.visit(app.url);
    expect([answer.status, answer.json<{ error: string }>().error]).toEqual([401, 'session_ended']);
    expect(await statusOf(browser)).toBe(401);

    delete provider.hooks.onExchange;
    expect((await createBrowser().visit(app.url)).status).toBe(200);
  });

  it('S52 C24 a request in flight does not revive the session when it saves', async () => {
    await app.close();
    let release = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    app = await createTestApp(provider, {
      routes: (express) =>
        express.get('/slow', async (req, res) => {
          await held;
          Object.assign(req.session, { note: 'written late' });
          res.end();
        }),
    });
    const browser = await signedIn();
    const inFlight = browser.visit(`${app.url}/slow`);
    await send(await provider.logoutToken('finance', { sub: ada.sub }));
    release();
    await inFlight;
    expect(await statusOf(browser)).toBe(401);
  });

  it('S50 answers 503 when it cannot judge, because the provider is down', async () => {
    const token = await provider.logoutToken('finance', { sub: ada.sub });
    await provider.stop();
    const answer = await send(token);
    expect(answer.status).toBe(503);
    expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);
  });

  it('R33 answers GET with 405', async () => {
    expect((await createBrowser().visit(`${app.url}/auth/backchannel-logout`)).status).toBe(405);
  });

  async function signedIn(): Promise<Browser> {
    const browser = createBrowser();
    expect((await browser.visit(app.url)).status).toBe(200);
    return browser;
  }

  const statusOf = async (browser: Browser) => (await browser.fetch(app.url)).status;

  const send = (token: string) => createBrowser().submit(`${app.url}/auth/backchannel-logout`, { logout_token: token });
});
