import { type Answer, type Browser, createBrowser } from '@gatehouse/test-kit/browser';
import { load } from 'cheerio';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { authenticatorFor, giveAuthenticator, signInWithCode } from '../../testing/authenticator.ts';
import { csrfOf, mainOf, titleOf } from '../../testing/pages.ts';
import { signIn } from '../../testing/sign-in.ts';
import { type RunningProvider, startProvider } from '../../testing/start-provider.ts';
import { letTimePass } from '../../testing/time.ts';

let running: RunningProvider;
beforeAll(async () => {
  running = await startProvider();
});
afterAll(() => running.stop());

const at = (path = '') => `${running.issuer}/account${path}`;
const signedIn = async (login: string) => {
  const browser = createBrowser();
  await signIn(browser, running.issuer, login);
  return browser;
};
const secretOn = (page: Answer) => load(page.body)('main code').first().text();
const add = (browser: Browser, page: Answer, code: string, sealed = load(page.body)('[name=sealed]').val()) =>
  browser.submit(at('/authenticator'), { _csrf: csrfOf(page), sealed: String(sealed), code }, { follow: false });
const ageSession = (login: string) => letTimePass(running, login, 7200);
const noticesTo = async (login: string) =>
  (await running.mailbox.list()).filter(({ to }) => to.address === `${login}@harbour.example`).map(({ text }) => text);

describe('adding an authenticator app', () => {
  it('shows a QR code that nothing outside the page makes, and takes the app once it shows the right code', async () => {
    const browser = await signedIn('amelia.hart');
    const page = await browser.visit(at('/authenticator'));
    expect(load(page.body)('img.qr').attr('src')).toMatch(/^data:image\/svg\+xml;base64,/);
    const app = authenticatorFor(secretOn(page));

    const wrong = await add(browser, page, '000000');
    expect(wrong.status).toBe(422);
    expect(secretOn(wrong)).toBe(secretOn(page));
    expect(load(wrong.body)('#field-code-error').text()).toContain('not the code');

    const added = await add(browser, wrong, app.code());
    expect(titleOf(added)).toBe('Your recovery codes');
    const codes = load(added.body)('.codes code')
      .map((_, code) => load(added.body)(code).text())
      .get();
    expect(new Set(codes).size).toBe(10);
    expect(mainOf(await browser.visit(at()))).toContain('10 recovery codes are left');
    await expect.poll(() => noticesTo('amelia.hart')).toEqual([expect.stringContaining('authenticator app was added')]);

    const { rows } = await running.db.owner.query(
      'SELECT t::text AS row FROM credentials.totp t UNION ALL SELECT r::text FROM credentials.recovery_code r',
    );
    expect(rows.length).toBe(11);
    const stored = rows.map(({ row }) => row).join();
    for (const secret of [secretOn(page).replaceAll(' ', ''), ...codes]) expect(stored).not.toContain(secret);
  });

  it('is done once: a second tab changes nothing', async () => {
    const browser = await signedIn('dev.patel');
    const [page, other] = [await browser.visit(at('/authenticator')), await browser.visit(at('/authenticator'))];
    expect((await add(browser, page, authenticatorFor(secretOn(page)).code())).status).toBe(200);
    const second = await add(browser, other, authenticatorFor(secretOn(other)).code());
    expect(second.headers.location).toMatch(/^\/auth\?client_id=account.*two-factor/);
    expect(mainOf(await browser.visit(at()))).toContain('10 recovery codes are left');
  });

  it("takes no secret but the page's own", async () => {
    const browser = await signedIn('uma.iyer');
    const page = await browser.visit(at('/authenticator'));
    const anothers = await (await signedIn('zoe.hartley')).visit(at('/authenticator'));
    const code = authenticatorFor(secretOn(anothers)).code();
    for (const sealed of ['', 'forged', String(load(anothers.body)('[name=sealed]').val())]) {
      expect((await add(browser, page, code, sealed)).status).toBe(400);
    }
  });
});

describe('a browser that was left open', () => {
  it('may go on looking', async () => {
    const browser = await signedIn('yusuf.demir');
    await ageSession('yusuf.demir');
    expect(titleOf(await browser.visit(at()))).toBe('Your account');
  });
});

describe('an authenticator app that is there', () => {
  it('can be removed, which is announced and ends its recovery codes', async () => {
    const browser = createBrowser();
    await signInWithCode(browser, running, 'ruth.abara', { app: await giveAuthenticator(running, 'ruth.abara') });
    const answer = await browser.submit(at('/authenticator/remove'), { _csrf: csrfOf(await browser.visit(at())) });
    expect(mainOf(answer)).toContain('Your authenticator app is removed');
    await signIn(createBrowser(), running.issuer, 'ruth.abara');
    await expect.poll(() => noticesTo('ruth.abara')).toEqual([expect.stringContaining('was removed')]);
    const { rowCount } = await running.db.owner.query('SELECT FROM credentials.recovery_code WHERE person_id = $1', [
      await running.db.personId('ruth.abara'),
    ]);
    expect(rowCount).toBe(0);
  });

  it('gets new recovery codes in place of the old ones', async () => {
    const browser = createBrowser();
    const app = await giveAuthenticator(running, 'samuel.price');
    await signInWithCode(browser, running, 'samuel.price', { app });
    const answer = await browser.submit(at('/recovery-codes'), { _csrf: csrfOf(await browser.visit(at())) });
    expect(titleOf(answer)).toBe('Your recovery codes');
    for (const code of app.recoveryCodes) expect(answer.body).not.toContain(code);
    expect(load(answer.body)('.codes code')).toHaveLength(10);
  });
});
