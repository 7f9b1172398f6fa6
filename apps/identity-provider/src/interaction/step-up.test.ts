import { type Browser, createBrowser } from '@gatehouse/test-kit/browser';
import { load } from 'cheerio';
import { decodeJwt } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { giveAuthenticator } from '../../testing/authenticator.ts';
import { csrfOf, mainOf, stepUrl, titleOf } from '../../testing/pages.ts';
import { parameterOf, type RelyingParty, relyingParty } from '../../testing/relying-party.ts';
import { signIn } from '../../testing/sign-in.ts';
import { type RunningProvider, startProvider } from '../../testing/start-provider.ts';
import { letTimePass } from '../../testing/time.ts';

let running: RunningProvider;
let finance: RelyingParty;
beforeAll(async () => {
  running = await startProvider();
  finance = relyingParty(running, 'finance', 4003);
});
afterAll(() => running.stop());

const twoFactor = { acr_values: 'urn:gatehouse:acr:two-factor' };
const signedIn = async (login: string) => {
  const browser = createBrowser();
  await signIn(browser, running.issuer, login);
  return browser;
};
const ask = (browser: Browser, changes: Record<string, string>) =>
  browser.visit(finance.authorizationUrl(changes), { follow: false });

describe('S09 an app that asks for a stronger sign-in', () => {
  it('gets it from somebody who is signed in by one factor, without the password again', async () => {
    const browser = await signedIn('tomas.reyes');
    const app = await giveAuthenticator(running, 'tomas.reyes');
    expect((await ask(browser, { ...twoFactor, prompt: 'none' })).headers.location).toContain(
      'error=interaction_required',
    );

    const page = await browser.visit(finance.authorizationUrl(twoFactor));
    expect(titleOf(page)).toBe('Confirm that it is you');
    expect(load(page.body)('[name=password]')).toHaveLength(0);
    const form = { _csrf: csrfOf(page), code: app.code() };
    const answer = await browser.submit(stepUrl(page, 'second-factor'), form, { follow: false });
    const back = await browser.visit(String(answer.headers.location), { follow: false });
    const tokens = (await (await finance.redeem(parameterOf(back, 'code'))).json()) as { id_token: string };
    expect(decodeJwt(tokens.id_token)).toMatchObject({ amr: ['pwd', 'otp', 'mfa'], acr: twoFactor.acr_values });

    expect((await ask(browser, { ...twoFactor, prompt: 'none' })).headers.location).toContain('code=');
  });

  it('S99 learns when the password was shown, and the code alone does not make that recent', async () => {
    const browser = await signedIn('zoe.hartley');
    const app = await giveAuthenticator(running, 'zoe.hartley');
    await letTimePass(running, 'zoe.hartley', 7200);
    const shown = Math.floor(Date.now() / 1000) - 7200;
    const page = await browser.visit(finance.authorizationUrl(twoFactor));
    const form = { _csrf: csrfOf(page), code: app.code() };
    const answer = await browser.submit(stepUrl(page, 'second-factor'), form, { follow: false });
    const back = await browser.visit(String(answer.headers.location), { follow: false });
    const tokens = (await (await finance.redeem(parameterOf(back, 'code'))).json()) as { id_token: string };
    expect(Math.abs(Number(decodeJwt(tokens.id_token).auth_time) - shown)).toBeLessThan(60);

    const account = await browser.visit(`${running.issuer}/account/authenticator`);
    expect(load(account.body)('[name=password]')).toHaveLength(1);
  });

  it('is not satisfied by a wrong code, nor by leaving the page', async () => {
    const browser = await signedIn('grace.lindqvist');
    await giveAuthenticator(running, 'grace.lindqvist');
    const page = await browser.visit(finance.authorizationUrl(twoFactor));
    const form = { _csrf: csrfOf(page), code: '000000' };
    expect((await browser.submit(stepUrl(page, 'second-factor'), form, { follow: false })).status).toBe(422);
    await browser.submit(stepUrl(page, 'continue'), { _csrf: csrfOf(page) }, { follow: false });
    expect((await ask(browser, { ...twoFactor, prompt: 'none' })).headers.location).toContain(
      'error=interaction_required',
    );
    expect((await ask(browser, { prompt: 'none' })).headers.location).toContain('code=');
  });

  it('sends somebody without a second factor to add one, and goes on from there', async () => {
    const browser = await signedIn('samuel.price');
    const page = await browser.visit(finance.authorizationUrl(twoFactor));
    expect(page.status).toBe(403);
    expect(mainOf(page)).toContain('you have none yet');
    expect((await browser.visit(`${running.issuer}/account/authenticator`)).status).toBe(200);
    await giveAuthenticator(running, 'samuel.price');
    expect(titleOf(await browser.visit(page.url))).toBe('Confirm that it is you');
  });

  it('and for a passkey is not content with a code', async () => {
    const browser = await signedIn('ruth.abara');
    await giveAuthenticator(running, 'ruth.abara');
    const page = await browser.visit(finance.authorizationUrl({ acr_values: 'phr' }));
    expect(load(page.body)('[name=code], a[href^="/account/authenticator"]')).toHaveLength(0);
    expect(load(page.body)('a[href^="/account/passkeys/new"]')).toHaveLength(1);
  });

  it('in words that we do not know asks for nothing, and the weakest of several is enough', async () => {
    const browser = await signedIn('amelia.hart');
    for (const acr_values of ['urn:elsewhere:gold', 'phr urn:gatehouse:acr:one-factor']) {
      expect((await ask(browser, { acr_values, prompt: 'none' })).headers.location).toContain('code=');
    }
  });
});
