import { createOneTimeLink, factorsOf } from '@gatehouse/accounts';
import { demoPassword } from '@gatehouse/prisma/seed';
import { type Answer, type Browser, createBrowser } from '@gatehouse/test-kit/browser';
import { declaredRoutes } from '@gatehouse/web';
import { load } from 'cheerio';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { authenticatorFor, giveAuthenticator, signInWithCode } from '../../testing/authenticator.ts';
import { csrfOf, titleOf } from '../../testing/pages.ts';
import { answerByPasskey, givePasskey, type SoftPasskey, signInByPasskey } from '../../testing/passkey.ts';
import { signIn } from '../../testing/sign-in.ts';
import { type RunningProvider, startProvider } from '../../testing/start-provider.ts';
import { letTimePass } from '../../testing/time.ts';

const login = 'uma.iyer';
const newPassword = 'seven quiet otters dancing';
const recently = 'max_age=600&acr_values=urn%3Agatehouse%3Aacr%3Atwo-factor';

let running: RunningProvider;
let personId: string;
let passkey: SoftPasskey;
beforeAll(async () => {
  running = await startProvider();
  personId = await running.db.personId(login);
});
beforeEach(async () => {
  await running.db.owner.query('DELETE FROM credentials.throttle');
  await running.db.owner.query('DELETE FROM credentials.totp');
  await running.db.owner.query('DELETE FROM credentials.passkey');
  passkey = await givePasskey(running, login);
});
afterAll(() => running.stop());

const at = (path = '') => `${running.issuer}/account${path}`;
const send = async (browser: Browser, path: string, fields: Record<string, string> = {}) =>
  browser.submit(at(path), { _csrf: csrfOf(await browser.visit(at())), ...fields }, { follow: false });
const passwords = { current: demoPassword, password: newPassword, repeated: newPassword };

/**
 * Every route that changes how a person signs in, and those that only take something away from whoever is signed in.
 */
const sensitive: [string, (fields: { id: string }) => Record<string, string>][] = [
  ['/password', () => passwords],
  ['/email', () => ({ email: 'thief@elsewhere.example' })],
  ['/authenticator', () => ({})],
  ['/authenticator/remove', () => ({})],
  ['/recovery-codes', () => ({})],
  ['/passkeys', () => ({})],
  ['/passkeys/remove', ({ id }) => ({ passkey: id })],
];
/**
 * Links ask for a factor themselves (below) or were asked for behind one; the others are how somebody signs in and out.
 */
const links = ['/set-password', '/confirm-email'];
const steps = ['sign-in', 'passkey', 'second-factor', 'continue', 'allow', 'decline', 'cancel'];
const signingIn = ['/forgotten-password', '/sign-out', ...steps.map((step) => `/interaction/:uid/${step}`)];
const harmless = ['/email/cancel', '/consents/revoke', '/sessions/end', '/sessions/end-others', '/devices/forget'];

describe('S100 any factor that is enrolled is shown before a factor, the password or the address changes', () => {
  it.each(sensitive)('whoever has the password alone does nothing at %s', async (path, fields) => {
    const thief = createBrowser();
    await signIn(thief, running.issuer, login);
    const before = await factorsOf(running.pool, personId);
    const { headers } = await send(thief, path, fields({ id: passkey.id.toString('base64url') }));
    expect(headers.location).toContain(recently);
    expect(await factorsOf(running.pool, personId)).toEqual(before);
    const asked = await thief.visit(new URL(String(headers.location), running.issuer).href);
    expect(load(asked.body)('[data-passkey-sign-in]')).toHaveLength(1);
    expect(load(asked.body)('a[href*="/account/authenticator"]')).toHaveLength(0);
  });

  it('the owner shows the passkey where it is asked for, and goes on', async () => {
    const browser = createBrowser();
    await signIn(browser, running.issuer, login);
    const asked = await browser.visit(at('/authenticator'));
    expect(titleOf(asked)).toBe('Confirm that it is you');
    const page = await answerByPasskey(browser, asked, passkey);
    expect(page.url).toBe(at('/authenticator'));
    const html = load(page.body);
    const app = authenticatorFor(html('main code').first().text());
    const fields = { sealed: String(html('[name=sealed]').val()), code: app.code() };
    expect(titleOf(await send(browser, '/authenticator', fields))).toBe('Your recovery codes');
    await send(browser, '/passkeys/remove', { passkey: passkey.id.toString('base64url') });
    expect(await factorsOf(running.pool, personId)).toMatchObject({ passkeys: [], totpSince: expect.any(Date) });
  });

  it('a factor that was shown long ago is not enough, nor for the password', async () => {
    const browser = createBrowser();
    await signInByPasskey(browser, running, passkey);
    await letTimePass(running, login, 1800);
    for (const [path] of sensitive) expect((await send(browser, path)).headers.location, path).toContain(recently);
  });

  it('only a person without any factor enrols on the password alone', async () => {
    await running.db.owner.query('DELETE FROM credentials.passkey');
    const browser = createBrowser();
    await signIn(browser, running.issuer, login);
    expect((await browser.visit(at('/authenticator'))).url).toBe(at('/authenticator'));
  });

  it('every form of the provider says which kind it is', async () => {
    const forms = declaredRoutes(running.app).filter(({ method, allow }) => method === 'post' && allow === 'public');
    const account = [...sensitive.map(([path]) => path), ...harmless].map((path) => `/account${path}`);
    expect(forms.map(({ path }) => path).toSorted()).toEqual([...account, ...links, ...signingIn].toSorted());
  });
});

describe('S100 a link to set a password', () => {
  const open = async (browser: Browser) => {
    const token = await createOneTimeLink(running.pool, { personId, purpose: 'reset' });
    return browser.visit(`${running.issuer}/set-password?token=${token}`);
  };
  const choose = (browser: Browser, page: Answer, shown: Record<string, string> = {}) => {
    const html = load(page.body);
    const [_csrf, token] = ['_csrf', 'token'].map((name) => String(html(`[name=${name}]`).val()));
    const fields = { _csrf: String(_csrf), token: String(token), password: newPassword, repeated: newPassword };
    return browser.submit(`${running.issuer}/set-password`, { ...fields, ...shown });
  };
  const challengeOf = (page: Answer) =>
    (
      JSON.parse(load(page.body)('[data-passkey-sign-in]').attr('data-passkey-sign-in') ?? '{}') as {
        challenge: string;
      }
    ).challenge;

  it('does not get whoever reads the mail past a passkey', async () => {
    const browser = createBrowser();
    const page = await open(browser);
    const refused = await choose(browser, page);
    expect(refused.status).toBe(422);
    expect(load(refused.body)('.error-summary, [role=alert]').text()).toContain('a link alone is not enough');
    const other = await givePasskey(running, 'tomas.reyes');
    expect((await choose(browser, page, { response: other.signIn(challengeOf(page)) })).status).toBe(422);
    const elsewhere = passkey.signIn(challengeOf(await open(browser)));
    expect((await choose(browser, page, { response: elsewhere })).status).toBe(422);
    const response = passkey.signIn(challengeOf(page));
    expect(titleOf(await choose(browser, page, { response }))).toBe('Your password is set');
  });

  it('nor past an authenticator app, whose code a bad password does not use up', async () => {
    const app = await giveAuthenticator(running, login);
    const browser = createBrowser();
    const page = await open(browser);
    expect(load((await choose(browser, page)).body)('#field-code-error').text()).toContain('Enter the code');
    expect((await choose(browser, page, { code: '000000' })).status).toBe(422);
    const code = app.code();
    expect((await choose(browser, page, { code, password: 'password', repeated: 'password' })).status).toBe(422);
    expect(titleOf(await choose(browser, page, { code }))).toBe('Your password is set');
  });

  it('takes either from whoever has both, and says so', async () => {
    await giveAuthenticator(running, login);
    const browser = createBrowser();
    const page = await open(browser);
    expect(load(page.body)('#field-code')).toHaveLength(1);
    expect(load(page.body)('form').text()).toContain('Leave the code empty to confirm with your passkey');
    expect((await choose(browser, page)).status).toBe(422);
    const response = passkey.signIn(challengeOf(page));
    expect(titleOf(await choose(browser, page, { response, code: '' }))).toBe('Your password is set');
  });

  it('is enough for a person who has nothing else', async () => {
    await running.db.owner.query('DELETE FROM credentials.passkey');
    const browser = createBrowser();
    expect(titleOf(await choose(browser, await open(browser)))).toBe('Your password is set');
    await running.db.owner.query('UPDATE credentials.password SET hash = (SELECT min(hash) FROM credentials.password)');
  });
});

it('S100 a code opens what a code is asked for, as before', async () => {
  const app = await giveAuthenticator(running, 'dev.patel');
  const browser = createBrowser();
  await signInWithCode(browser, running, 'dev.patel', { app });
  expect((await browser.visit(at('/passkeys/new'))).url).toBe(at('/passkeys/new'));
});
