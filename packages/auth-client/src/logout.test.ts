import { randomToken } from '@gatehouse/encryption';
import { createBrowser, selfPosting } from '@gatehouse/test-kit/browser';
import { createTestProvider, type TestProvider } from '@gatehouse/test-kit/provider';
import { decodeJwt } from 'jose';
import { beforeEach, describe, expect, it } from 'vitest';
import { memoryStore } from './memory-store.ts';
import { createTestApp, type TestApp } from './test-app.ts';

describe('logout', () => {
  let provider: TestProvider;
  let app: TestApp;

  beforeEach(async () => {
    provider = await createTestProvider({ person: { sub: 'person-1' } });
    app = await createTestApp(provider);
    return async () => {
      await app.close();
      await provider.close();
    };
  });

  it('R34 S63c C23 C52 oidcc-client-test-rp-init-logout: ends the app session and posts the browser on to the provider', async () => {
    const browser = createBrowser();
    await browser.visit(app.url);
    const answer = await browser.submit(`${app.url}/auth/logout`, {}, { follow: false });
    expect([answer.status, answer.headers.location, answer.headers['cache-control']]).toEqual([
      200,
      undefined,
      'no-store',
    ]);
    const { action, fields } = selfPosting(answer.body)!;
    expect(action).toBe(`${provider.issuer}/session/end`);
    expect(fields.post_logout_redirect_uri).toBe(`${app.url}/`);
    expect(fields.state).toMatch(/^[\w-]{22}$/);
    expect(decodeJwt(fields.id_token_hint ?? '')).toMatchObject({ sub: 'person-1', aud: 'finance' });
    expect((await browser.fetch(app.url)).status).toBe(401);
  });

  it('C52 the ID token stands in no address on the way back to the app', async () => {
    const browser = createBrowser();
    await browser.visit(app.url);
    provider.person = undefined;
    const answer = await browser.submit(`${app.url}/auth/logout`);
    expect(answer.visited).toContain(`${provider.issuer}/session/end`);
    expect(answer.visited.join(' ')).not.toContain('id_token');
  });

  it('S47 leaves no session cookie, and the old one is dead', async () => {
    const browser = createBrowser();
    await browser.visit(app.url);
    const before = browser.clone();
    await browser.submit(`${app.url}/auth/logout`, {}, { follow: false });
    expect((await browser.cookies(app.url)).map(({ key }) => key)).not.toContain('gatehouse.finance');
    expect((await before.fetch(app.url)).status).toBe(401);
  });

  it('F30 ends the app session and says what it could not do, when it has never reached the provider', async () => {
    const shared = { store: memoryStore(), options: { sessionKey: randomToken() } };
    const before = await createTestApp(provider, shared);
    const browser = createBrowser();
    await browser.visit(before.url);
    await before.close();
    await provider.stop();
    const restarted = await createTestApp(provider, shared);
    expect((await browser.fetch(restarted.url)).status).toBe(200);
    const answer = await browser.submit(`${restarted.url}/auth/logout`, {}, { follow: false });
    expect([answer.status, answer.json<{ error: string }>().error]).toEqual([503, 'logout_incomplete']);
    expect((await browser.fetch(restarted.url)).status).toBe(401);
    await restarted.close();
  });

  it('sends somebody who is not signed in to the front page', async () => {
    const answer = await createBrowser().submit(`${app.url}/auth/logout`, {}, { follow: false });
    expect([answer.status, answer.headers.location]).toEqual([303, '/']);
  });

  it('R33 answers GET with 405 and signs nobody out', async () => {
    const browser = createBrowser();
    await browser.visit(app.url);
    const answer = await browser.visit(`${app.url}/auth/logout`);
    expect([answer.status, answer.headers.allow]).toEqual([405, 'POST']);
    expect((await browser.fetch(app.url)).status).toBe(200);
  });
});
