import { decideSecondFactor } from '@gatehouse/directory/manage';
import { type Answer, type Browser, createBrowser } from '@gatehouse/test-kit/browser';
import { load } from 'cheerio';
import { decodeJwt } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Authenticator, giveAuthenticator, signInWithCode } from '../../testing/authenticator.ts';
import { csrfOf, mainOf, stepUrl, titleOf } from '../../testing/pages.ts';
import { type RelyingParty, relyingParty } from '../../testing/relying-party.ts';
import { submitSignIn } from '../../testing/sign-in.ts';
import { type RunningProvider, startProvider } from '../../testing/start-provider.ts';

let running: RunningProvider;
let finance: RelyingParty;
let app: Authenticator;
beforeAll(async () => {
  running = await startProvider();
  finance = relyingParty(running, 'finance', 4003);
  app = await giveAuthenticator(running, 'tomas.reyes');
});
beforeEach(() =>
  running.db.owner.query(`
    DELETE FROM credentials.throttle; DELETE FROM credentials.remembered_device;
    UPDATE credentials.totp SET last_step = 0; UPDATE directory.app SET second_factor_decided = NULL`),
);
afterAll(() => running.stop());

const deviceCookieOf = async (browser: Browser) =>
  (await browser.cookies(`${running.issuer}/`)).find(({ key }) => key === 'gatehouse_device');
/** A browser that holds nothing but what remembers its device, as after its sessions have ended. */
const onlyRemembered = async (browser: Browser) => {
  const later = createBrowser();
  await later.plant(String((await deviceCookieOf(browser))?.cookieString()), running.issuer);
  return later;
};
const remembered = async () => {
  const browser = createBrowser();
  await signInWithCode(browser, running, 'tomas.reyes', { app, remember: true });
  return browser;
};
/** The page, or the app's address, that the password leads to. */
const afterPassword = async (browser: Browser, changes: Record<string, string> = {}, login = 'tomas.reyes') => {
  const answer = await submitSignIn(browser, await browser.visit(finance.authorizationUrl(changes)), login);
  const { location } = answer.headers;
  return location?.startsWith(finance.redirectUri) ? 'the app' : titleOf(answer);
};
const tokensOf = async (browser: Browser) => {
  const answer = await finance.redeem(await finance.codeFor(browser));
  return decodeJwt(((await answer.json()) as { id_token: string }).id_token);
};

describe('a remembered device', () => {
  it('is not asked for the code again, and the app learns what was really shown', async () => {
    const browser = await remembered();
    expect(await deviceCookieOf(browser)).toMatchObject({ httpOnly: true, sameSite: 'lax', path: '/' });
    const later = await onlyRemembered(browser);
    expect(await afterPassword(later)).toBe('the app');
    expect(await tokensOf(later)).toMatchObject({ amr: ['pwd'], acr: 'urn:gatehouse:acr:one-factor' });
    expect(await afterPassword(createBrowser())).toBe('Confirm that it is you');
  });

  it('is remembered only by those who say so', async () => {
    const browser = createBrowser();
    await signInWithCode(browser, running, 'tomas.reyes', { app });
    expect(await deviceCookieOf(browser)).toBeUndefined();
  });

  it('satisfies an app that needs a second factor, but none that asks for one by acr_values', async () => {
    await decideSecondFactor(running.db.owner, { app: 'finance', required: true });
    const later = await onlyRemembered(await remembered());
    expect(await afterPassword(later)).toBe('the app');
    const asked = { acr_values: 'urn:gatehouse:acr:two-factor' };
    expect(titleOf(await later.visit(finance.authorizationUrl(asked)))).toBe('Confirm that it is you');
    expect(await afterPassword(await onlyRemembered(later), asked)).toBe('Confirm that it is you');
  });

  it.each(['/authenticator', '/passkeys/new', '/password', '/email'])(
    'S43 does not take the place of the code where the account itself is changed: %s',
    async (path) => {
      const browser = await onlyRemembered(await remembered());
      await afterPassword(browser);
      const page = await browser.visit(`${running.issuer}/account${path}`);
      expect(titleOf(page)).toBe('Confirm that it is you');
      await running.db.owner.query('UPDATE credentials.totp SET last_step = 0');
      const form = { _csrf: csrfOf(page), code: app.code() };
      const on = await browser.submit(stepUrl(page, 'second-factor'), form);
      expect(new URL(on.url).pathname).toBe(path === '/authenticator' ? '/account' : `/account${path}`);
    },
  );

  it('is nothing to another person, nor to who has only its cookie', async () => {
    await giveAuthenticator(running, 'grace.lindqvist');
    const stolen = await onlyRemembered(await remembered());
    expect(await afterPassword(stolen, {}, 'grace.lindqvist')).toBe('Confirm that it is you');
    const silent = await (await onlyRemembered(stolen)).visit(finance.authorizationUrl({ prompt: 'none' }), {
      follow: false,
    });
    expect(silent.headers.location).toContain('error=login_required');
  });

  it('S17 counts no longer once it has expired, whether or not anything cleans up', async () => {
    await decideSecondFactor(running.db.owner, { app: 'finance', required: true });
    const browser = await onlyRemembered(await remembered());
    await afterPassword(browser);
    await running.db.owner.query('UPDATE credentials.remembered_device SET expires_at = now()');
    expect(titleOf(await browser.visit(finance.authorizationUrl()))).toBe('Confirm that it is you');
    expect(await afterPassword(await onlyRemembered(browser))).toBe('Confirm that it is you');
  });

  it('S90 stands in the database as a hash only', async () => {
    const token = (await deviceCookieOf(await remembered()))?.value ?? 'none';
    const { rows } = await running.db.owner.query('SELECT d::text AS row FROM credentials.remembered_device d');
    expect(rows).toHaveLength(1);
    expect(rows[0].row).not.toContain(token);
    expect(rows[0].row).not.toContain(Buffer.from(token, 'base64url').toString('hex'));
  });

  it('is listed to its owner, who can have every device forgotten', async () => {
    const browser = await remembered();
    const sessions = await browser.visit(`${running.issuer}/account/sessions`);
    expect(mainOf(sessions)).toContain('Devices that are not asked for a code');
    expect(mainOf(sessions)).toContain('Last used');
    const form = load(sessions.body)('form[action="/account/devices/forget"]');
    const forget = (csrf: string): Promise<Answer> =>
      browser.submit(`${running.issuer}${form.attr('action')}`, { _csrf: csrf });
    expect((await forget('forged')).status).toBe(403);
    expect(await afterPassword(await onlyRemembered(browser))).toBe('the app');
    expect(mainOf(await forget(csrfOf(sessions)))).toContain('Every device is asked for a code again');
    expect(await afterPassword(await onlyRemembered(browser))).toBe('Confirm that it is you');
  });
});
