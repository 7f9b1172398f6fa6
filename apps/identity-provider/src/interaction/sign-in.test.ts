import { demoPassword } from '@gatehouse/prisma/seed';
import { type Browser, createBrowser } from '@gatehouse/test-kit/browser';
import { load } from 'cheerio';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { csrfOf, mainOf, sendSignIn, stepUrl, titleOf } from '../../testing/pages.ts';
import { type RelyingParty, relyingParty } from '../../testing/relying-party.ts';
import { signIn, submitSignIn } from '../../testing/sign-in.ts';
import { type RunningProvider, startProvider } from '../../testing/start-provider.ts';

let running: RunningProvider;
let finance: RelyingParty;
beforeAll(async () => {
  running = await startProvider();
  finance = relyingParty(running, 'finance', 4003);
});
beforeEach(() => running.db.owner.query('DELETE FROM credentials.throttle'));
afterAll(() => running.stop());

const open = (browser: Browser, changes = {}) => browser.visit(finance.authorizationUrl(changes));

/** So that a slow machine does not sit a wait out before the test looks. */
const stretchWaits = () =>
  running.db.owner.query(`UPDATE credentials.throttle SET blocked_until = blocked_until + interval '10 minutes'`);

describe('the sign-in page', () => {
  it('names the app that the person is going to, and leads back to it', async () => {
    const browser = createBrowser();
    const page = await open(browser);
    expect(titleOf(page)).toBe('Sign in');
    expect(mainOf(page)).toContain('to continue to Finance');
    const answer = await submitSignIn(browser, page, 'tomas.reyes');
    expect(answer.headers.location).toMatch(/^http:\/\/localhost:4003\/auth\/callback\?code=/);
  });

  it('S10c S28 is never cached, never leaks its address, and answers a form with 303', async () => {
    const browser = createBrowser();
    const page = await open(browser);
    expect(page.headers).toMatchObject({ 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' });
    expect(page.headers['content-security-policy']).toContain("default-src 'none'");
    expect(page.headers['content-security-policy']).not.toContain('unsafe-inline');
    expect((await sendSignIn(browser, page)).status).toBe(303);
  });

  it('helps password managers', async () => {
    const html = load((await open(createBrowser())).body);
    expect(html('[name=login]').attr('autocomplete')).toBe('username webauthn');
    expect(html('[name=password]').attr()).toMatchObject({ type: 'password', autocomplete: 'current-password' });
  });

  it('takes the login that the app suggests, escaped', async () => {
    const hint = '"><script>alert(1)</script>';
    const page = await open(createBrowser(), { login_hint: hint });
    expect(load(page.body)('[name=login]').val()).toBe(hint);
    expect(page.body).not.toContain('<script>alert');
  });

  it('says at the field what is missing and keeps what was typed', async () => {
    const browser = createBrowser();
    const page = await sendSignIn(browser, await open(browser), { password: '' });
    expect(page.status).toBe(422);
    const html = load(page.body);
    expect(html('#field-password-error').text()).toContain('Enter your password');
    expect(html('[name=login]').val()).toBe('tomas.reyes');
  });

  it('S33 answers unknown, wrong and disabled alike', async () => {
    const browser = createBrowser();
    const page = await open(browser);
    const attempts = [
      { login: 'nobody.here', password: 'wrong wrong wrong' },
      { login: 'tomas.reyes', password: 'wrong wrong wrong' },
      { login: 'victor.stone', password: demoPassword },
    ];
    const answers = [];
    for (const attempt of attempts) {
      const { status, body } = await sendSignIn(browser, page, attempt);
      answers.push({ status, body: body.replaceAll(attempt.login, '').replace(/name="_csrf" value="[^"]*"/g, '') });
    }
    expect(answers[0]?.status).toBe(422);
    expect(answers[0]?.body).toContain('The login or the password is wrong');
    expect(answers[1]).toEqual(answers[0]);
    expect(answers[2]).toEqual(answers[0]);
    expect((await sendSignIn(browser, page)).status).toBe(303);
  });

  it('S30 says how long to wait after too many failures, also for the right password', async () => {
    const browser = createBrowser();
    const page = await open(browser);
    for (let failure = 0; failure < 5; failure++) await sendSignIn(browser, page, { password: 'wrong wrong wrong' });
    await stretchWaits();
    const answer = await sendSignIn(browser, page);
    expect(answer.status).toBe(429);
    expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);
    expect(mainOf(answer)).toMatch(/Too many attempts\. Wait 1\d minutes, then try again\./);
  });

  it('S32 C43 lets the owner in on a device that they signed in on before, while strangers have to wait', async () => {
    const owner = createBrowser();
    await signIn(owner, running.issuer, 'tomas.reyes');
    const stranger = createBrowser();
    const strangersPage = await open(stranger);
    for (let failure = 0; failure < 5; failure++) {
      await sendSignIn(stranger, strangersPage, { password: 'wrong wrong wrong' });
    }
    await stretchWaits();
    expect((await sendSignIn(stranger, strangersPage)).status).toBe(429);
    const ownersPage = await open(owner, { prompt: 'login' });
    expect((await sendSignIn(owner, ownersPage)).status).toBe(303);
  });

  it.each(['tomas.reyes@harbour.example', ' Tomas.Reyes@HARBOUR.example ', '\u{feff}ｔomas.\u{200b}reyes'])(
    'C49 C57 takes the login or the e-mail address, however it is typed: %j',
    async (login) => {
      const browser = createBrowser();
      const page = await open(browser);
      expect(load(page.body)('label[for=field-login]').text()).toContain('Login or e-mail address');
      expect((await sendSignIn(browser, page, { login })).status).toBe(303);
    },
  );

  it('C49 answers an address like a login that nobody has', async () => {
    const browser = createBrowser();
    const page = await open(browser);
    const answers = [];
    for (const login of ['nobody@harbour.example', 'grace.lindqvist@harbour.example', 'victor.stone@harbour.example']) {
      const { status, body } = await sendSignIn(browser, page, { login, password: 'wrong wrong wrong' });
      answers.push({ status, body: body.replaceAll(login, '').replace(/name="_csrf" value="[^"]*"/g, '') });
    }
    expect(answers[1]).toEqual(answers[0]);
    expect(answers[2]).toEqual(answers[0]);
  });

  it('S110 knows each of several people who share a browser, by login and by address', async () => {
    const shared = createBrowser();
    await signIn(shared, running.issuer, 'tomas.reyes');
    const page = await open(shared, { prompt: 'login' });
    expect((await sendSignIn(shared, page, { login: 'grace.lindqvist' })).status).toBe(303);
    const stranger = createBrowser();
    const strangersPage = await open(stranger);
    for (let failure = 0; failure < 5; failure++) {
      await sendSignIn(stranger, strangersPage, { password: 'wrong wrong wrong' });
    }
    await stretchWaits();
    const address = { login: 'tomas.reyes@harbour.example' };
    expect((await sendSignIn(stranger, strangersPage, address)).status).toBe(429);
    expect((await sendSignIn(shared, await open(shared, { prompt: 'login' }), address)).status).toBe(303);
  });

  it('can be left: the app learns that access was denied', async () => {
    const browser = createBrowser();
    const page = await open(browser);
    const answer = await browser.submit(stepUrl(page, 'cancel'), { _csrf: csrfOf(page) }, { follow: false });
    const back = await browser.visit(String(answer.headers.location), { follow: false });
    expect(back.headers.location).toContain('http://localhost:4003/auth/callback?error=access_denied');
  });

  it('S73 greets somebody whose account was disabled meanwhile with the form and neutral words', async () => {
    const browser = createBrowser();
    await signIn(browser, running.issuer, 'adam.whitlock');
    await running.db.owner.query(`UPDATE directory.person SET status = 'disabled' WHERE login = 'adam.whitlock'`);
    const page = await open(browser);
    expect(titleOf(page)).toBe('Sign in');
    expect(mainOf(page)).toContain('Your earlier sign-in is no longer valid.');
    expect(mainOf(page)).not.toMatch(/disabled/i);
  });

  it('S37 answers a password that is too long like a wrong one, and one that is absurdly long at once', async () => {
    const browser = createBrowser();
    const page = await open(browser);
    const right = await sendSignIn(browser, page, { password: demoPassword.padEnd(257, 'x') });
    expect([right.status, mainOf(right)]).toEqual([422, expect.stringContaining('login or the password is wrong')]);
    const absurd = await sendSignIn(browser, page, { password: demoPassword.padEnd(100_000, 'x') });
    expect(absurd.status).toBe(413);
    expect((await sendSignIn(browser, page)).status).toBe(303);
  });

  it('S38 takes a password however old it is', async () => {
    await running.db.owner.query(`UPDATE credentials.password SET changed_at = '2001-01-01'`);
    const browser = createBrowser();
    expect((await sendSignIn(browser, await open(browser))).status).toBe(303);
  });
});

describe('forged forms', () => {
  it.each([
    ['without a token', { _csrf: '' }, {}],
    ['with the token of another interaction', { _csrf: 'other' }, {}],
    ['from another site', {}, { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' }],
    ['from a sibling app', {}, { 'sec-fetch-site': 'same-site', origin: 'http://localhost:4003' }],
  ])(
    'S21 are refused %s; no attempt is counted, and it is recorded',
    async (_, fields: Record<string, string>, headers) => {
      const browser = createBrowser();
      const page = await open(browser);
      const another = csrfOf(await open(createBrowser()));
      const forged = await sendSignIn(browser, page, fields._csrf === 'other' ? { _csrf: another } : fields, headers);
      expect(forged.status).toBe(403);
      const { rowCount } = await running.db.owner.query('SELECT FROM credentials.throttle');
      expect(rowCount).toBe(0);
      const { rows } = await running.db.owner.query('SELECT type, detail FROM audit.event ORDER BY id DESC LIMIT 1');
      expect(rows[0]).toMatchObject({
        type: 'sign_in.failed',
        detail: { reason: expect.stringMatching(/csrf|cross_site/) },
      });
      expect((await sendSignIn(browser, page)).status).toBe(303);
    },
  );

  it("S19 are refused when the browser's cookie names another interaction than the path", async () => {
    const attacker = createBrowser();
    const victim = createBrowser();
    const attackersPage = await open(attacker);
    const victimsPage = await open(victim);
    const cookies = (await attacker.cookies(attackersPage.url)).map((cookie) => cookie.cookieString()).join('; ');
    const planted = { cookie: cookies };
    const answer = await sendSignIn(createBrowser(), victimsPage, {}, planted);
    expect(answer.status).toBe(400);
    expect(titleOf(answer)).toBe('This sign-in page is no longer valid');
    expect((await sendSignIn(victim, victimsPage)).status).toBe(303);
  });
});
