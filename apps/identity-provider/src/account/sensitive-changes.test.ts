import { demoPassword } from '@gatehouse/prisma/seed';
import { type Browser, createBrowser } from '@gatehouse/test-kit/browser';
import { load } from 'cheerio';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { authenticatorFor, giveAuthenticator, signInWithCode } from '../../testing/authenticator.ts';
import { csrfOf } from '../../testing/pages.ts';
import { createPasskey, givePasskey, type SoftPasskey, signInByPasskey } from '../../testing/passkey.ts';
import { signIn } from '../../testing/sign-in.ts';
import { type RunningProvider, startProvider } from '../../testing/start-provider.ts';
import { letTimePass } from '../../testing/time.ts';

let running: RunningProvider;
beforeAll(async () => {
  running = await startProvider();
});
beforeEach(() => running.db.owner.query('DELETE FROM credentials.throttle'));
afterAll(() => running.stop());

const at = (path = '') => `${running.issuer}/account${path}`;
const hidden = (page: { body: string }, name: string) => String(load(page.body)(`[name=${name}]`).val());

interface SensitiveChange {
  what: string;
  login: string;
  /** Whether the person has an authenticator app before. */
  withApp?: boolean;
  /** Whether the person signs in by the passkey that they have. */
  withPasskey?: boolean;
  /** Brings the person's account into the state that the change needs. */
  before?: () => Promise<unknown>;
  /** Makes the change, in this browser, and says where that led to, or the status of the page that it led to. */
  change(browser: Browser): Promise<string>;
  /** What stands in the mail to the address that the person had before. */
  told: RegExp;
}

async function post(browser: Browser, path: string, fields: Record<string, string>): Promise<string> {
  const form = { _csrf: csrfOf(await browser.visit(at())), ...fields };
  const { headers, status } = await browser.submit(at(path), form, { follow: false });
  return headers.location ?? String(status);
}
let passkey: SoftPasskey;

const changes: SensitiveChange[] = [
  {
    what: 'the e-mail address',
    login: 'grace.lindqvist',
    change: (browser) => post(browser, '/email', { email: 'new@elsewhere.example' }),
    told: /asked to change the e-mail address/,
  },
  {
    what: 'adding an authenticator app',
    login: 'amelia.hart',
    async change(browser) {
      const page = await browser.visit(at('/authenticator'), { follow: false });
      if (page.headers.location) return page.headers.location;
      const app = authenticatorFor(load(page.body)('main code').first().text());
      return post(browser, '/authenticator', { sealed: hidden(page, 'sealed'), code: app.code() });
    },
    told: /authenticator app was added/,
  },
  {
    what: 'removing the authenticator app',
    login: 'ruth.abara',
    withApp: true,
    change: (browser) => post(browser, '/authenticator/remove', {}),
    told: /authenticator app was removed/,
  },
  {
    what: 'new recovery codes',
    login: 'dev.patel',
    withApp: true,
    change: (browser) => post(browser, '/recovery-codes', {}),
    told: /New recovery codes were made/,
  },
  {
    what: 'adding a passkey',
    login: 'zoe.hartley',
    async change(browser) {
      const page = await browser.visit(at('/passkeys/new'), { follow: false });
      if (page.headers.location) return page.headers.location;
      const options = load(page.body)('[data-passkey-registration]').attr('data-passkey-registration') ?? '';
      const response = createPasskey(running.issuer).register((JSON.parse(options) as { challenge: string }).challenge);
      return post(browser, '/passkeys', { name: 'My phone', challenge: hidden(page, 'challenge'), response });
    },
    told: /passkey was added: My phone/,
  },
  {
    what: 'removing a passkey',
    login: 'uma.iyer',
    withPasskey: true,
    async before() {
      passkey = await givePasskey(running, 'uma.iyer');
    },
    change: (browser) => post(browser, '/passkeys/remove', { passkey: passkey.id.toString('base64url') }),
    told: /passkey of yours was removed/,
  },
];

const noticesTo = async (login: string) =>
  (await running.mailbox.list())
    .filter(({ to }) => to.address === `${login}@harbour.example`)
    .map(({ text }) => text)
    .join();
/** What comes of a change that meets one which secures the account and is just being committed. */
async function whileSecured(login: string, change: () => Promise<string>): Promise<string> {
  const tx = await running.db.owner.connect();
  await tx.query('BEGIN');
  await tx.query('SELECT directory.raise_moment($1)', [await running.db.personId(login)]);
  const outcome = change();
  await expect.poll(() => running.db.waitingForLocks()).toBe(1);
  await tx.query('COMMIT');
  tx.release();
  return outcome;
}

describe('S43 every change by which somebody else could get in', () => {
  it.each(changes)(
    '$what: S99 asks who it is again, gives way to what secures the account, and tells the address that was there',
    async (sensitive) => {
      const { login, withApp, withPasskey, before, change, told } = sensitive;
      const browser = createBrowser();
      await before?.();
      if (withApp) {
        await signInWithCode(browser, running, login, { app: await giveAuthenticator(running, login) });
      } else if (withPasskey) await signInByPasskey(browser, running, passkey);
      else await signIn(browser, running.issuer, login);

      const later = browser.clone();
      await letTimePass(running, login, 7200);
      expect(await change(later)).toMatch(/^\/auth\?client_id=account.*max_age=600/);
      expect(await noticesTo(login)).toBe('');
      await letTimePass(running, login, -7200);
      expect(await whileSecured(login, () => change(browser))).toBe('409');
      expect(await noticesTo(login)).toBe('');
      expect(await change(browser)).not.toContain('/auth');
      await expect.poll(() => noticesTo(login)).toMatch(told);
    },
  );

  it('the password: its form asks for the present one, and for the code where there is an app', async () => {
    const browser = createBrowser();
    await signIn(browser, running.issuer, 'samuel.price');
    await letTimePass(running, 'samuel.price', 7200);
    const fields = { password: 'seven quiet otters dancing', repeated: 'seven quiet otters dancing' };
    expect(await post(browser, '/password', { ...fields, current: 'wrong wrong wrong' })).toBe('422');
    expect(await noticesTo('samuel.price')).toBe('');
    const app = await giveAuthenticator(running, 'samuel.price');
    expect(await post(browser, '/password', { ...fields, current: demoPassword })).toMatch(/^\/auth.*two-factor/);

    const whole = createBrowser();
    await signInWithCode(whole, running, 'samuel.price', { app });
    const change = () => post(whole, '/password', { ...fields, current: demoPassword });
    expect(await whileSecured('samuel.price', change)).toBe('409');
    expect(await change()).toBe('/account?done=password');
    await expect.poll(() => noticesTo('samuel.price')).toMatch(/password was changed/);
  });

  it.each([
    ['GET', '/email'],
    ['POST', '/email'],
    ['GET', '/authenticator'],
    ['POST', '/authenticator'],
    ['POST', '/authenticator/remove'],
    ['POST', '/recovery-codes'],
    ['GET', '/passkeys/new'],
    ['POST', '/passkeys'],
    ['POST', '/passkeys/remove'],
  ])('is behind a recent sign-in: %s %s', async (method, path) => {
    const browser = createBrowser();
    await signIn(browser, running.issuer, 'yusuf.demir');
    await letTimePass(running, 'yusuf.demir', 7200);
    const location =
      method === 'GET'
        ? (await browser.visit(at(path), { follow: false })).headers.location
        : await post(browser, path, {});
    expect(location).toMatch(/^\/auth\?client_id=account.*max_age=600/);
  });
});
