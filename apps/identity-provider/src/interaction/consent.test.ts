import { listConsents, revokeConsent } from '@gatehouse/clients';
import { type Answer, type Browser, createBrowser } from '@gatehouse/test-kit/browser';
import { load } from 'cheerio';
import { decodeJwt } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { csrfOf, mainOf, stepUrl, titleOf } from '../../testing/pages.ts';
import { parameterOf, type RelyingParty, relyingParty } from '../../testing/relying-party.ts';
import { signIn } from '../../testing/sign-in.ts';
import { type RunningProvider, startProvider } from '../../testing/start-provider.ts';
import { thirdParty } from '../../testing/third-party.ts';

let running: RunningProvider;
let library: RelyingParty;
let browser: Browser;
let grace: string;

beforeAll(async () => {
  running = await startProvider();
  library = await thirdParty(running, {
    client_id: 'library',
    client_name: 'Harbour Library',
    grant_types: ['authorization_code', 'refresh_token'],
  });
  grace = await running.db.personId('grace.lindqvist');
});
afterAll(() => running.stop());
beforeEach(async () => {
  await running.db.owner.query('DELETE FROM protocol.consent');
  browser = createBrowser();
  await signIn(browser, running.issuer, 'grace.lindqvist');
});

const ask = (changes: Record<string, string> = {}) =>
  browser.visit(library.authorizationUrl({ scope: 'openid profile email org', ...changes }));
const answer = async (page: Answer, which: 'allow' | 'decline'): Promise<Answer> => {
  const done = await browser.submit(stepUrl(page, which), { _csrf: csrfOf(page) }, { follow: false });
  return browser.visit(String(done.headers.location), { follow: false });
};
const redeemed = async (code: string) => (await library.redeem(code)).json() as Promise<Record<string, string>>;
const tokensOf = (back: Answer) => redeemed(parameterOf(back, 'code'));
const events = async () => {
  const { rows } = await running.db.owner.query(
    `SELECT type FROM audit.event WHERE client_id = 'library' AND type LIKE 'consent.%' AND subject_person_id = $1 ORDER BY id DESC LIMIT 1`,
    [grace],
  );
  return rows[0]?.type;
};

describe('P24 an app of somebody else', () => {
  it('P22 says in words, and with the person’s own data, what it asks for', async () => {
    const page = await ask();
    expect(titleOf(page)).toBe('Let Harbour Library know you?');
    expect(
      load(page.body)('.asked strong')
        .toArray()
        .map((each) => load(each).text()),
    ).toEqual(['That it is you', 'Your name', 'Your e-mail address', 'Your place in the organisation']);
    for (const text of ['Grace Lindqvist', 'grace.lindqvist@harbour.example', 'localhost:7100', '90 days']) {
      expect(mainOf(page)).toContain(text);
    }
  });

  it('P28 gets exactly what was agreed to, and the consent is recorded', async () => {
    const tokens = await tokensOf(await answer(await ask(), 'allow'));
    expect(tokens.scope).toBe('openid profile email org');
    expect(await events()).toBe('consent.given');
    expect(await listConsents(running.pool, grace)).toMatchObject([
      { clientId: 'library', title: 'Harbour Library', scopes: ['openid', 'profile', 'email', 'org'] },
    ]);
  });

  it('P28 hears access_denied when the person declines, with its state, and nothing is kept', async () => {
    const back = await answer(await ask(), 'decline');
    expect(parameterOf(back, 'error')).toBe('access_denied');
    expect(parameterOf(back, 'state')).toBe('the-state');
    expect(await events()).toBe('consent.declined');
    expect(await listConsents(running.pool, grace)).toEqual([]);
  });

  it.each(['allow', 'decline'])('takes no %s without the token of the page, or from another page', async (which) => {
    const page = await ask();
    expect((await browser.submit(stepUrl(page, which), { _csrf: 'forged' })).status).toBe(403);
    const other = createBrowser();
    const signInPage = await other.visit(library.authorizationUrl());
    const skipped = await other.submit(stepUrl(signInPage, which), { _csrf: csrfOf(signInPage) });
    expect(skipped.status).toBe(400);
    expect(await listConsents(running.pool, grace)).toEqual([]);
  });
});

describe('P26 a consent that was given', () => {
  it('is not asked for again, also in a new provider session', async () => {
    await answer(await ask(), 'allow');
    expect(await library.codeFor(browser, { scope: 'openid email' })).toBeTruthy();
    browser = createBrowser();
    await signIn(browser, running.issuer, 'grace.lindqvist');
    expect(await library.codeFor(browser, { scope: 'openid profile' })).toBeTruthy();
  });

  it('does not cover more: a wider scope asks again, with everything it is about', async () => {
    await answer(await ask({ scope: 'openid email' }), 'allow');
    const page = await ask({ scope: 'openid email phone' });
    expect(mainOf(page)).toContain('Your telephone number');
    await answer(page, 'allow');
    expect((await listConsents(running.pool, grace))[0]?.scopes.sort()).toEqual(['email', 'openid', 'phone']);
  });

  it('is asked for again with prompt=consent, and after 90 days', async () => {
    await answer(await ask(), 'allow');
    expect(titleOf(await ask({ prompt: 'consent' }))).toBe('Let Harbour Library know you?');
    const { rows } = await running.db.owner.query(
      `UPDATE protocol.consent SET expires_at = expires_at - interval '90 days 1 second'
       RETURNING granted_at + interval '90 days' - expires_at < interval '1 minute 90 days' AS right`,
    );
    expect(rows[0].right).toBe(true);
    expect(titleOf(await ask())).toBe('Let Harbour Library know you?');
  });

  it('P5 is consent_required under prompt=none while it is missing, and silent once it is there', async () => {
    const none = { prompt: 'none', scope: 'openid email' };
    const refused = await browser.visit(library.authorizationUrl(none), { follow: false });
    expect(parameterOf(refused, 'error')).toBe('consent_required');
    await answer(await ask({ scope: 'openid email' }), 'allow');
    expect(await library.codeFor(browser, none)).toBeTruthy();
  });

  it('P27 ends at once when it is taken back: tokens, sign-in and all, and only there', async () => {
    const tokens = await tokensOf(await answer(await ask(), 'allow'));
    const userinfo = () =>
      fetch(`${running.issuer}/me`, { headers: { authorization: `Bearer ${tokens.access_token}` } });
    expect((await userinfo()).status).toBe(200);
    expect(await revokeConsent(running.pool, { personId: grace, clientId: 'library' })).toBe(true);
    expect((await userinfo()).status).toBe(401);
    expect(await events()).toBe('consent.revoked');
    expect(titleOf(await ask())).toBe('Let Harbour Library know you?');
    expect(await relyingParty(running, 'finance', 4003).codeFor(browser)).toBeTruthy();
    expect(await revokeConsent(running.pool, { personId: grace, clientId: 'library' })).toBe(false);
  });
});

it('P25 asks nothing for an app of our own', async () => {
  expect(await relyingParty(running, 'finance', 4003).codeFor(browser)).toBeTruthy();
});

describe('offline_access', () => {
  it('is granted where the person is asked for it, and dropped where not (Core section 11)', async () => {
    const scope = 'openid offline_access';
    const page = await ask({ scope, prompt: 'consent' });
    expect(mainOf(page)).toContain('To stay connected');
    expect(await tokensOf(await answer(page, 'allow'))).toMatchObject({ scope, refresh_token: expect.any(String) });
    const silent = await redeemed(await library.codeFor(browser, { scope }));
    expect(silent.scope).toBe('openid');
    expect(decodeJwt(String(silent.id_token)).sub).toBe(grace);
  });
});
