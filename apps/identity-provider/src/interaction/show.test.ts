import { type Browser, createBrowser } from '@gatehouse/test-kit/browser';
import { load } from 'cheerio';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
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
afterAll(() => running.stop());

const open = (browser: Browser, app = finance, changes = {}) => browser.visit(app.authorizationUrl(changes));

describe('an interaction that is over', () => {
  it('S22 C33 names the cause and offers the way on, after use', async () => {
    const browser = createBrowser();
    const page = await open(browser);
    await submitSignIn(browser, page, 'tomas.reyes');
    const again = await sendSignIn(browser, page);
    expect(again.status).toBe(400);
    expect(titleOf(again)).toBe('You are signed in already');
    expect(load(again.body)('main a.button').attr('href')).toBe('/');
  });

  it('S22 C33 after it has expired', async () => {
    const browser = createBrowser();
    const page = await open(browser);
    await running.db.owner.query(`DELETE FROM protocol.state WHERE model = 'Interaction'`);
    const answer = await sendSignIn(browser, page);
    expect(answer.status).toBe(400);
    expect(mainOf(answer)).toContain('open for too long');
  });

  it('C33 in a browser that sent no cookie', async () => {
    const page = await open(createBrowser());
    const answer = await createBrowser().visit(page.url);
    expect(answer.status).toBe(200);
    expect(mainOf(answer)).toContain('Your browser sent no cookie');
    expect(load(answer.body)('main a.button').text()).toBe('Continue to Finance');
  });

  it('C19 continues by itself when the person has signed in in another tab', async () => {
    const browser = createBrowser();
    const [first, second, third] = [await open(browser), await open(browser), await open(browser)];
    await submitSignIn(browser, first, 'tomas.reyes');
    for (const tab of [second, third]) {
      const answer = await browser.visit(tab.url, { follow: false });
      expect(answer.status).toBe(303);
      const back = await browser.visit(String(answer.headers.location), { follow: false });
      expect(back.headers.location).toMatch(/^http:\/\/localhost:4003\/auth\/callback\?code=/);
    }
  });

  it('S22 lets two tabs of one browser go to two apps, each to its own', async () => {
    const browser = createBrowser();
    const desk = relyingParty(running, 'service-desk', 4004);
    const [first, second] = [await open(browser), await open(browser, desk)];
    expect((await submitSignIn(browser, second, 'tomas.reyes')).headers.location).toContain('http://localhost:4004/');
    expect((await submitSignIn(browser, first, 'tomas.reyes')).headers.location).toContain('http://localhost:4003/');
  });
});

describe('choosing an account', () => {
  it('P5 goes on as the person who is signed in, without a password', async () => {
    const browser = createBrowser();
    await signIn(browser, running.issuer, 'tomas.reyes');
    const page = await open(browser, finance, { prompt: 'select_account' });
    expect(titleOf(page)).toBe('Choose an account');
    expect(mainOf(page)).toContain('Continue as Tomas Reyes');
    const answer = await browser.submit(stepUrl(page, 'continue'), { _csrf: csrfOf(page) }, { follow: false });
    const back = await browser.visit(String(answer.headers.location), { follow: false });
    expect(back.headers.location).toMatch(/^http:\/\/localhost:4003\/auth\/callback\?code=/);
  });
});

describe('the page that says why an app does not open', () => {
  it('C25 S65 comes instead of a code, with whom the app is open to and no names of others', async () => {
    const browser = createBrowser();
    await signIn(browser, running.issuer, 'tomas.reyes');
    const page = await open(browser, relyingParty(running, 'console', 4001));
    expect(page.status).toBe(403);
    expect(titleOf(page)).toBe('Console is not open to you');
    expect(mainOf(page)).toContain('You are signed in as Tomas Reyes, Finance Clerk.');
    expect(mainOf(page)).toContain('Identity Administrator');
    expect(mainOf(page)).not.toContain('Noor');
    expect(page.visited.join()).not.toContain('code=');
  });

  it('offers another account, with which the same request goes on; the first one is signed out', async () => {
    const browser = createBrowser();
    await signIn(browser, running.issuer, 'yusuf.demir');
    const console = relyingParty(running, 'console', 4001);
    const page = await open(browser, console);
    const link = load(page.body)('a:contains("Use another account")').attr('href');
    const form = await browser.visit(new URL(String(link), page.url).href);
    expect(titleOf(form)).toBe('Sign in');
    const leaving = load((await submitSignIn(browser, form, 'noor.haddad')).body);
    const resumed = await browser.submit(
      String(leaving('form').attr('action')),
      { xsrf: String(leaving('[name=xsrf]').val()), logout: 'yes' },
      { follow: false },
    );
    const back = await browser.visit(String(resumed.headers.location), { follow: false });
    expect(back.headers.location).toMatch(/^http:\/\/localhost:4001\/auth\/callback\?code=/);
    const { rowCount } = await running.db.owner.query(
      `SELECT FROM protocol.state WHERE model = 'Session' AND account_id = $1 AND ended_at IS NULL`,
      [await running.db.personId('yusuf.demir')],
    );
    expect(rowCount).toBe(0);
  });

  it('opens as soon as the person is given access, without a new sign-in', async () => {
    const browser = createBrowser();
    await signIn(browser, running.issuer, 'lena.novak');
    expect((await open(browser)).status).toBe(403);
    await running.db.owner.query(
      `INSERT INTO directory.personal_grant (person_id, client_id, role, reason, starts_on)
       SELECT id, 'finance', (SELECT role FROM directory.app_role WHERE client_id = 'finance' LIMIT 1), 'test', directory.today()
       FROM directory.person WHERE login = 'lena.novak'`,
    );
    expect(await finance.codeFor(browser)).toBeTruthy();
  });
});
