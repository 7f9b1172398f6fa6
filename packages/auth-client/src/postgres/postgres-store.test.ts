import { randomToken, sha256 } from '@gatehouse/encryption';
import { createBrowser } from '@gatehouse/test-kit/browser';
import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createTestApp } from '../test-app.ts';
import { postgresStore, tokenCounts } from './index.ts';
import { type StoreTest, startStoreTest } from './test-store.ts';

describe('the session store in the user database', () => {
  let test: StoreTest;

  beforeAll(async () => {
    test = await startStoreTest();
  });
  beforeEach(() => test.reset());
  afterAll(() => test.close());

  it('S90 stores no session id, state, token or payload that a reader of the database could use', async () => {
    const browser = await test.signedIn();
    const id = await test.sessionIdOf(browser);
    const { rows } = await test.db.owner.query<{ payload: Buffer; login: string }>(
      'SELECT * FROM app_sessions.session WHERE id_hash = $1',
      [sha256(id)],
    );
    expect(rows).toHaveLength(1);
    expect(JSON.stringify(rows[0])).not.toContain(id);
    expect(rows[0]?.payload.toString('latin1')).not.toMatch(/eyJ|signIn/);
    await test.signedIn();
    await test.db.owner.query(
      `UPDATE app_sessions.session SET payload = (SELECT payload FROM app_sessions.session WHERE id_hash <> $1 LIMIT 1)
       WHERE id_hash = $1`,
      [sha256(id)],
    );
    expect(await test.statusOf(browser)).toBe(500);
  });
  describe('logout tokens', () => {
    it('S62 ends one session by sid, all of a person by sub', async () => {
      const [one, two, three] = [await test.signedIn(), await test.signedIn(), await test.signedIn()];
      await send(await test.provider.logoutToken('finance', { sub: test.clerk, sid: test.signIns[0]?.sid ?? '' }));
      expect([await test.statusOf(one), await test.statusOf(two), await test.statusOf(three)]).toEqual([401, 200, 200]);
      await send(await test.provider.logoutToken('finance', { sub: test.clerk }));
      expect([await test.statusOf(two), await test.statusOf(three)]).toEqual([401, 401]);
    });

    it.each(['sid', 'sub'])('S63 makes no session for a login whose logout token, by %s, came first', async (by) => {
      test.provider.hooks.onExchange = async ({ sid }) => {
        await send(await test.provider.logoutToken('finance', by === 'sid' ? { sid } : { sub: test.clerk }));
      };
      const answer = await createBrowser().visit(test.app.url);
      expect([answer.status, answer.json<{ error: string }>().error]).toEqual([401, 'session_ended']);
      delete test.provider.hooks.onExchange;
      expect((await createBrowser().visit(test.app.url)).status).toBe(200);
    });

    it('S61 C22 takes a jti once', async () => {
      const store = postgresStore(test.pool, { clientId: 'finance', sessionKey: test.sessionKey });
      const jti = randomToken();
      const uses = await Promise.all([1, 2, 3].map(() => store.useLogoutToken(jti, new Date(Date.now() + 60_000))));
      expect(uses.filter(Boolean)).toHaveLength(1);
    });
  });

  it('S63 makes no session for a sign-in that ended between code and callback', async () => {
    test.provider.hooks.onExchange = async (signIn) => test.endSignIn(signIn);
    const answer = await createBrowser().visit(test.app.url);
    expect(answer.json()).toMatchObject({ error: 'session_ended' });
  });

  it('makes no session for a sign-in that the provider never wrote down', async () => {
    await test.db.owner.query('DELETE FROM app_sessions.sign_in');
    test.provider.hooks.onExchange = async ({ sid }) =>
      void (await test.db.owner.query('DELETE FROM app_sessions.sign_in WHERE sid = $1', [sid]));
    const answer = await createBrowser().visit(test.app.url);
    expect(answer.json()).toMatchObject({ error: 'session_ended' });
  });

  it('S52 C24 keeps what a request saved, and revives nothing that has ended', async () => {
    const browser = await test.signedIn();
    await browser.visit(`${test.app.url}/note?text=kept`);
    expect((await browser.visit(`${test.app.url}/session`)).json()).toMatchObject({ note: 'kept' });
    const store = postgresStore(test.pool, { clientId: 'finance', sessionKey: test.sessionKey });
    const id = await test.sessionIdOf(browser);
    const { data } = (await store.loadSession(id)) ?? expect.fail('the session is there');
    await store.removeSession(id);
    await store.updateSession(id, data);
    await store.touchSession(id);
    expect(await store.loadSession(id)).toBeUndefined();
  });

  it('S51 does not take the session of another test.app, nor a login begun there', async () => {
    const other = new pg.Pool({ connectionString: test.db.urlFor('service-desk') });
    try {
      const store = postgresStore(other, { clientId: 'service-desk', sessionKey: test.sessionKey });
      const browser = await test.signedIn();
      expect(await store.loadSession(await test.sessionIdOf(browser))).toBeUndefined();
      const mine = postgresStore(test.pool, { clientId: 'finance', sessionKey: test.sessionKey });
      const soon = new Date(Date.now() + 60_000);
      expect(await mine.takeUpLogin(sha256('state'), soon)).toBe(true);
      expect(await mine.takeUpLogin(sha256('state'), soon)).toBe(false);
      expect(await store.takeUpLogin(sha256('state'), soon)).toBe(true);
    } finally {
      await other.end();
    }
  });

  it('S109 has one of any number of callbacks at once take a login up, and keeps nothing of those that nobody finishes', async () => {
    const store = postgresStore(test.pool, { clientId: 'finance', sessionKey: test.sessionKey });
    const soon = new Date(Date.now() + 60_000);
    const taken = await Promise.all(Array.from({ length: 20 }, () => store.takeUpLogin(sha256('once'), soon)));
    expect(taken.filter(Boolean)).toHaveLength(1);
    const count = async () => (await test.db.owner.query('SELECT FROM app_sessions.login_taken')).rowCount;
    const before = await count();
    for (let i = 0; i < 20; i++) await createBrowser().visit(`${test.app.url}/auth/login`, { follow: false });
    expect(await count()).toBe(before);
  });

  it('C54 tells the provider of the organisation which page is wanted, where its address is short', async () => {
    const targetOf = async (page: string) => {
      const login = `${test.app.url}/auth/login?return_to=${encodeURIComponent(page)}`;
      const { headers } = await createBrowser().visit(login, { follow: false });
      return new URL(headers.location ?? '').searchParams.get('target_link_uri');
    };
    expect(await targetOf('/pages/a?b=c')).toBe(`${test.app.url}/pages/a?b=c`);
    expect(await targetOf('/')).toBeNull();
    expect(await targetOf(`/${'x'.repeat(2100)}`)).toBeNull();
    expect(await targetOf('//evil.example')).toBeNull();
  });

  it('S50 F04 answers 503 with Retry-After while the database is away, and never the page', async () => {
    const away = new pg.Pool({ connectionString: 'postgres://nobody@127.0.0.1:1/none' });
    const broken = await createTestApp(test.provider, {
      clientId: 'service-desk',
      store: postgresStore(away, { clientId: 'service-desk', sessionKey: test.sessionKey }),
      options: { sessionKey: test.sessionKey, cookieName: 'gatehouse.finance' },
    });
    const browser = await test.signedIn();
    const answer = await browser.fetch(broken.url);
    expect([answer.status, answer.headers['retry-after']]).toEqual([503, '5']);
    expect(answer.json()).toMatchObject({ error: 'store_unavailable' });
    const returned = await createBrowser().visit(`${broken.url}/auth/login`);
    expect([returned.status, new URL(returned.url).pathname]).toEqual([503, '/auth/callback']);
    await broken.close();
    await away.end();
  });

  it('S50 is ready while the database answers, and says why when it does not', async () => {
    const options = { clientId: 'finance', sessionKey: test.sessionKey };
    await expect(postgresStore(test.pool, options).ready()).resolves.toBeUndefined();
    const away = new pg.Pool({ connectionString: 'postgres://nobody@127.0.0.1:1/none' });
    await expect(postgresStore(away, options).ready()).rejects.toMatchObject({ code: 'store_unavailable' });
    await away.end();
  });

  it('S106 tells an API whether a token of another app still counts', async () => {
    await test.signedIn();
    const isLive = tokenCounts(test.pool);
    const { clientId, sid, personId } = test.signIns[0] ?? expect.fail('there is a sign-in');
    const { rows } = await test.db.owner.query(
      'SELECT audience, scope FROM directory.api_permission WHERE client_id = $1',
      [clientId],
    );
    const token = { clientId, sid, personId, ...(rows[0] as { audience: string; scope: string }) };
    expect(await isLive(token)).toBe(true);
    expect(await isLive({ ...token, clientId: 'service-desk' })).toBe(false);
    expect(await isLive({ ...token, scope: 'manager:write' })).toBe(false);
    expect(await isLive({ ...token, audience: 'https://elsewhere.example/api' })).toBe(false);
    await test.endSignIn(test.signIns[0]);
    expect(await isLive(token)).toBe(false);
  });

  const send = async (token: string) =>
    expect(
      (await createBrowser().submit(`${test.app.url}/auth/backchannel-logout`, { logout_token: token })).status,
    ).toBe(200);
});
