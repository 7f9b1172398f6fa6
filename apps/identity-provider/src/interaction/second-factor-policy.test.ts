import { decideSecondFactor, grantRole } from '@gatehouse/directory/manage';
import { type Answer, type Browser, createBrowser } from '@gatehouse/test-kit/browser';
import { load } from 'cheerio';
import { decodeJwt } from 'jose';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { authenticatorFor, giveAuthenticator, signInWithCode } from '../../testing/authenticator.ts';
import { csrfOf, mainOf, titleOf } from '../../testing/pages.ts';
import { parameterOf, type RelyingParty, relyingParty } from '../../testing/relying-party.ts';
import { signIn, submitSignIn } from '../../testing/sign-in.ts';
import { type RunningProvider, startProvider } from '../../testing/start-provider.ts';
import { thirdParty } from '../../testing/third-party.ts';
import { letTimePass } from '../../testing/time.ts';

let running: RunningProvider;
let finance: RelyingParty;
let humanResources: RelyingParty;
beforeAll(async () => {
  running = await startProvider();
  finance = relyingParty(running, 'finance', 4003);
  humanResources = relyingParty(running, 'human-resources', 4002);
});
afterEach(async () => {
  await running.db.owner.query(
    'UPDATE directory.app SET second_factor_decided = NULL; UPDATE directory.app_role SET second_factor_decided = NULL',
  );
});
afterAll(() => running.stop());

const twoFactor = 'urn:gatehouse:acr:two-factor';
const askOf = (app: string, role?: string) => decideSecondFactor(running.db.owner, { app, role, required: true });
const signedIn = async (login: string) => {
  const browser = createBrowser();
  await signIn(browser, running.issuer, login);
  return browser;
};
/** What an app gets without a page. */
const silent = async (browser: Browser, app = finance) =>
  new URL((await browser.visit(app.authorizationUrl({ prompt: 'none' }), { follow: false })).headers.location ?? '')
    .searchParams;
const sendCode = async (browser: Browser, page: Answer, code: string) => {
  const answer = await browser.submit(
    `${page.url.split('?')[0]}/second-factor`,
    { _csrf: csrfOf(page), code },
    { follow: false },
  );
  return browser.visit(String(answer.headers.location), { follow: false });
};
const claimsIn = async (back: Answer, app = finance) => {
  const answer = await app.redeem(parameterOf(back, 'code'));
  return decodeJwt(((await answer.json()) as { id_token: string }).id_token);
};

describe('an app that needs a second factor', () => {
  it('S09 asks whoever came by password alone, without the password again, and once a session', async () => {
    const browser = await signedIn('tomas.reyes');
    const app = await giveAuthenticator(running, 'tomas.reyes');
    expect((await silent(browser)).get('code')).not.toBeNull();

    await askOf('finance');
    expect((await silent(browser)).get('error')).toBe('interaction_required');
    expect((await silent(browser, humanResources)).get('code')).not.toBeNull();
    expect(titleOf(await browser.visit(`${running.issuer}/`))).toBe('Your apps');

    const page = await browser.visit(finance.authorizationUrl());
    expect(titleOf(page)).toBe('Confirm that it is you');
    expect(load(page.body)('[name=password]')).toHaveLength(0);
    expect(await claimsIn(await sendCode(browser, page, app.code()))).toMatchObject({
      amr: ['pwd', 'otp', 'mfa'],
      acr: twoFactor,
    });
    expect((await silent(browser)).get('code')).not.toBeNull();
  });

  it('asks nothing more of somebody who signs in by both', async () => {
    await askOf('finance');
    const app = await giveAuthenticator(running, 'uma.iyer');
    const browser = createBrowser();
    await signInWithCode(browser, running, 'uma.iyer', { app });
    expect((await silent(browser)).get('code')).not.toBeNull();
  });

  it('is still not open to those without a role in it, and says so before it asks', async () => {
    await askOf('finance');
    const page = await (await signedIn('dev.patel')).visit(finance.authorizationUrl());
    expect(titleOf(page)).toBe('Finance is not open to you');
  });

  it('P29 sends whoever has none to set one up, and comes back to the very request', async () => {
    await askOf('finance');
    const browser = createBrowser();
    const request = { state: 'kept-state', nonce: 'kept-nonce', ui_locales: 'en' };
    const gate = await submitSignIn(
      browser,
      await browser.visit(finance.authorizationUrl(request)),
      'samuel.price',
      true,
    );
    expect([gate.status, mainOf(gate)]).toEqual([403, expect.stringContaining('you have none yet')]);

    const link = load(gate.body)('a:contains("Add an authenticator app")').attr('href');
    const setUp = await browser.visit(new URL(String(link), gate.url).href);
    const field = (name: string) => String(load(setUp.body)(`[name=${name}]`).val());
    const app = authenticatorFor(load(setUp.body)('main code').first().text());
    const form = { _csrf: csrfOf(setUp), sealed: field('sealed'), continue: field('continue') };
    const wrong = await browser.submit(`${running.issuer}/account/authenticator`, { ...form, code: '000000' });
    expect(load(wrong.body)('[name=continue]').val()).toBe(form.continue);
    const codes = await browser.submit(`${running.issuer}/account/authenticator`, { ...form, code: app.code() });
    const onward = load(codes.body)('a:contains("I have kept them")').attr('href');
    const page = await browser.visit(new URL(String(onward), codes.url).href);
    expect([page.url, titleOf(page)]).toEqual([gate.url, 'Confirm that it is you']);

    const back = await sendCode(browser, page, app.code(1));
    expect(parameterOf(back, 'state')).toBe('kept-state');
    expect(await claimsIn(back)).toMatchObject({ nonce: 'kept-nonce', acr: twoFactor });
  });

  it('P29 keeps the way back where setting up needs a new sign-in first', async () => {
    await askOf('finance');
    const browser = await signedIn('zoe.hartley');
    const gate = await browser.visit(finance.authorizationUrl());
    await letTimePass(running, 'zoe.hartley', 7200);
    const link = load(gate.body)('a:contains("Add a passkey")').attr('href');
    const form = await browser.visit(new URL(String(link), gate.url).href);
    expect(titleOf(form)).toBe('Sign in');
    const setUp = await submitSignIn(browser, form, 'zoe.hartley', true);
    expect(titleOf(setUp)).toBe('Add a passkey');
    expect(load(setUp.body)('[name=continue]').val()).toBe(new URL(gate.url).pathname.split('/').pop());
  });

  it('continues nowhere but with one of our own sign-ins', async () => {
    const browser = await signedIn('adam.whitlock');
    for (const evil of ['//evil.example', 'https://evil.example', '../../sign-out', 'a b']) {
      const query = new URLSearchParams({ continue: evil });
      const page = await browser.visit(`${running.issuer}/account/authenticator?${query}`);
      expect(load(page.body)('[name=continue]')).toHaveLength(0);
    }
  });
});

describe('a role that needs a second factor', () => {
  it('asks those who have it and nobody else', async () => {
    await askOf('finance', 'approver');
    const [clerk, head] = [await signedIn('wendy.clarke'), await signedIn('grace.lindqvist')];
    expect((await silent(clerk)).get('code')).not.toBeNull();
    expect((await silent(head)).get('error')).toBe('interaction_required');
  });

  it('asks from the moment that somebody is given it', async () => {
    await askOf('finance', 'approver');
    const browser = await signedIn('yusuf.demir');
    expect((await silent(browser)).get('code')).not.toBeNull();
    const personId = await running.db.personId('yusuf.demir');
    await grantRole(running.db.owner, { personId, clientId: 'finance', role: 'approver', reason: 'stands in' });
    expect((await silent(browser)).get('error')).toBe('interaction_required');
  });
});

it('an app of others asks for it by default_acr_values', async () => {
  const vault = await thirdParty(running, { client_id: 'vault', default_acr_values: [twoFactor] }, 'ruth.abara');
  const plain = await thirdParty(running, { client_id: 'plain' }, 'ruth.abara');
  const browser = await signedIn('ruth.abara');
  const app = await giveAuthenticator(running, 'ruth.abara');
  expect((await silent(browser, plain)).get('code')).not.toBeNull();
  expect((await silent(browser, vault)).get('error')).toBe('interaction_required');
  const page = await browser.visit(vault.authorizationUrl());
  expect(await claimsIn(await sendCode(browser, page, app.code()), vault)).toMatchObject({ acr: twoFactor });
});
