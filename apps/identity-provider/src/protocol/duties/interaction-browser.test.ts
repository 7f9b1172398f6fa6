import { createTestDatabase, type TestDatabase } from '@gatehouse/test-kit';
import { type Answer, type Browser, createBrowser } from '@gatehouse/test-kit/browser';
import type { Configuration } from 'oidc-provider';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { csrfOf, sendSignIn, stepUrl, titleOf } from '../../../testing/pages.ts';
import { rawRequest } from '../../../testing/raw-request.ts';
import { type RunningProvider, startProvider } from '../../../testing/start-provider.ts';
import { thirdParty } from '../../../testing/third-party.ts';

const ISSUER = 'https://id.example.org';
const SIBLING = 'https://finance.example.org/';
const ask = (more: Record<string, string> = {}) =>
  `${ISSUER}/auth?${new URLSearchParams({
    client_id: 'launcher',
    response_type: 'none',
    scope: 'openid',
    redirect_uri: `${ISSUER}/`,
    ...more,
  })}`;

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.close());

async function withProvider(
  test: (newBrowser: () => Browser, running: RunningProvider) => Promise<void>,
  configure?: (ours: Configuration) => Configuration,
): Promise<void> {
  const options = { db, issuer: ISSUER, trustProxy: ['127.0.0.1'], ...(configure && { configure }) };
  const running = await startProvider(options);
  try {
    await test(() => createBrowser(undefined, undefined, { [ISSUER]: running.issuer }), running);
  } finally {
    await running.stop();
  }
}

const start = (browser: Browser, more?: Record<string, string>) => browser.visit(ask(more));
const DEVICE_GRANT = 'urn:ietf:params:oauth:grant-type:device_code';
const xsrfOf = (page: Answer) => /name="xsrf" value="([^"]+)"/.exec(page.body)?.[1] ?? '';
const hasForm = (page: Answer) => page.body.includes('name="_csrf"');
const uidOf = (page: Answer) => new URL(page.url).pathname.split('/')[2] ?? '';
const resumeAt = (page: Answer) => `${ISSUER}/auth/${uidOf(page)}`;
const signedInAs = async (browser: Browser) => titleOf(await browser.visit(`${ISSUER}/account`));

/** A sibling host sets whatever `from` holds for the whole domain, as it can where no name forbids it. */
async function plant(from: Browser, to: Browser, page: Answer): Promise<void> {
  const cookies = [...(await from.cookies(page.url)), ...(await from.cookies(resumeAt(page)))];
  for (const { key, value, path } of cookies) {
    await to.plant(`${key}=${value}; Domain=example.org; Path=${path}; Secure`, SIBLING);
  }
}

/** The attacker begins, the victim finishes on the genuine page, the attacker resumes. */
async function finishedByVictim(newBrowser: () => Browser, more?: Record<string, string>) {
  const [attacker, victim] = [newBrowser(), newBrowser()];
  if (more) await sendSignInAndResume(victim, await start(victim));
  const page = await start(attacker, more);
  await plant(attacker, victim, page);
  const shown = await victim.visit(page.url);
  const sent = await sendSignIn(victim, { ...page, body: shown.body });
  const attempt = await attacker.visit(resumeAt(page));
  return { attacker, victim, page, shown, sent, attempt };
}

/** The attacker begins and finishes, and the victim is brought to resume. */
async function finishedByAttacker(newBrowser: () => Browser) {
  const [attacker, victim] = [newBrowser(), newBrowser()];
  const page = await start(attacker);
  expect((await sendSignIn(attacker, page, { login: 'samuel.price' })).status).toBe(303);
  await plant(attacker, victim, page);
  const resumed = await victim.visit(resumeAt(page));
  return { attacker, victim, page, resumed };
}

async function sendSignInAndResume(browser: Browser, page: Answer): Promise<Answer> {
  const { headers } = await sendSignIn(browser, page);
  return browser.visit(String(headers.location));
}

/** What the library would do by itself: names without a prefix, which any host of the domain may set. */
const asItComes = (ours: Configuration): Configuration => ({ ...ours, cookies: { keys: ours.cookies?.keys } });

describe('duty 11 S97 S98 an interaction belongs to the browser that began it', () => {
  it('with the guard, nobody resumes as the person whom they sent to their page', () =>
    withProvider(async (newBrowser) => {
      const { attacker, victim, shown, sent } = await finishedByVictim(newBrowser);
      expect(titleOf(shown)).toBe('Sign in to Your apps');
      expect(hasForm(shown)).toBe(false);
      expect(sent.status).toBe(400);
      expect(await signedInAs(attacker)).toBe('Sign in');
      expect((await sendSignInAndResume(victim, await start(victim))).url).toBe(`${ISSUER}/`);
    }));

  it('without it, the attacker is the victim', () =>
    withProvider(async (newBrowser) => {
      const { attacker, shown } = await finishedByVictim(newBrowser);
      expect(hasForm(shown)).toBe(true);
      expect(await signedInAs(attacker)).not.toBe('Sign in');
    }, asItComes));

  it('with the guard, nobody is signed in as whoever planted a resume cookie', () =>
    withProvider(async (newBrowser) => {
      const { attacker, victim, page, resumed } = await finishedByAttacker(newBrowser);
      expect(resumed.status).toBe(400);
      expect(await signedInAs(victim)).toBe('Sign in');
      expect((await attacker.visit(resumeAt(page))).url).toBe(`${ISSUER}/`);
    }));

  it('without it, the victim is signed in as the attacker', () =>
    withProvider(async (newBrowser) => {
      const { victim } = await finishedByAttacker(newBrowser);
      expect(await signedInAs(victim)).not.toBe('Sign in');
    }, asItComes));

  it('a person who is signed in is not asked to confirm for another browser', () =>
    withProvider(async (newBrowser) => {
      const { attacker, sent } = await finishedByVictim(newBrowser, { prompt: 'select_account' });
      expect(sent.status).toBe(400);
      expect(await signedInAs(attacker)).toBe('Sign in');
    }));

  it.each([' ', '\t', '\u00a0'])('a name that begins with %j is no `__Host-` one, and counts as none', (space) =>
    withProvider(async (newBrowser, running) => {
      const attacker = newBrowser();
      const page = await start(attacker);
      const own = (await attacker.cookies(page.url)).map((cookie) => cookie.cookieString());
      const sent = own.map((each) => (each.startsWith('__Host-') ? `${space}${each}` : each)).join(';');
      const { pathname, search } = new URL(page.url);
      const headers = {
        host: 'id.example.org',
        'x-forwarded-proto': 'https',
        accept: 'text/html',
        cookie: `a=b;${sent}`,
      };
      const shown = await rawRequest(running, pathname + search, headers);
      // A browser puts a space between cookies itself, and drops spaces and tabs where a server sets one.
      expect(shown.body.includes('name="_csrf"')).toBe(space !== '\u00a0');
    }),
  );

  it('a device is let in only from the browser in which its code was entered', () =>
    withProvider(async (newBrowser, running) => {
      await thirdParty(running, {
        client_id: 'meeting-room',
        token_endpoint_auth_method: 'none',
        application_type: 'native',
        grant_types: [DEVICE_GRANT],
        redirect_uris: [],
      });
      const post = async (path: string, form: Record<string, string>): Promise<Record<string, string>> =>
        (
          await newBrowser().fetch(ISSUER + path, { method: 'POST', form: { client_id: 'meeting-room', ...form } })
        ).json();
      const { user_code = '', device_code = '' } = await post('/device/auth', { scope: 'openid' });
      const poll = async () => (await post('/token', { grant_type: DEVICE_GRANT, device_code })).error;
      const [attacker, victim] = [newBrowser(), newBrowser()];
      const xsrf = xsrfOf(await attacker.visit(`${ISSUER}/device`));
      const page = await attacker.submit(`${ISSUER}/device`, { xsrf, user_code, confirm: 'yes' });
      expect(hasForm(page)).toBe(true);
      await plant(attacker, victim, page);
      for (const cookie of await attacker.cookies(`${ISSUER}/device/${uidOf(page)}`)) {
        await victim.plant(`${cookie.key}=${cookie.value}; Domain=example.org; Path=${cookie.path}; Secure`, SIBLING);
      }
      expect(hasForm(await victim.visit(page.url))).toBe(false);
      const { headers } = await sendSignIn(attacker, page);
      expect((await victim.visit(String(headers.location), { follow: false })).headers.location).toBe('/device');
      expect(await poll()).toBe('authorization_pending');
      expect((await attacker.visit(String(headers.location))).status).toBe(200);
    }));

  it('an interaction that began in a session goes on in that session alone', () =>
    withProvider(async (newBrowser) => {
      const browser = newBrowser();
      await sendSignInAndResume(browser, await start(browser));
      const page = await start(browser, { prompt: 'select_account' });
      const goOn = { _csrf: csrfOf(page) };
      const withoutSession = newBrowser();
      for (const cookie of await browser.cookies(page.url)) {
        if (cookie.key !== '__Host-gatehouse' && cookie.key !== '__Host-gatehouse.sig')
          await withoutSession.plant(`${cookie.toString()}`, page.url);
      }
      expect(hasForm(await withoutSession.visit(page.url))).toBe(false);
      expect((await withoutSession.submit(stepUrl(page, 'continue'), goOn)).status).toBe(400);
      expect((await browser.submit(stepUrl(page, 'continue'), goOn)).url).toBe(`${ISSUER}/`);
    }));

  it('ten sign-ins at once are kept, and their cookies go when they are over', () =>
    withProvider(async (newBrowser) => {
      const browser = newBrowser();
      const pages: Answer[] = [];
      for (let i = 0; i < 12; i++) pages.push(await start(browser));
      const bound = async () =>
        (await browser.cookies(`${ISSUER}/`)).filter(
          ({ key }) => key.startsWith('__Host-gatehouse.') && !key.endsWith('.sig'),
        );
      expect(await bound()).toHaveLength(10);
      expect(hasForm(await browser.visit(String(pages[0]?.url)))).toBe(false);
      expect(hasForm(await browser.visit(String(pages.at(-1)?.url)))).toBe(true);
      const last = pages.at(-1) as Answer;
      expect((await sendSignInAndResume(browser, last)).url).toBe(`${ISSUER}/`);
      expect((await bound()).map(({ key }) => key)).not.toContain(`__Host-gatehouse.${uidOf(last)}`);
    }));
});

describe('S97 S98 on this machine, where no cookie can be a `__Host-` one', () => {
  it('another browser neither sees, finishes nor resumes a sign-in by its address', async () => {
    const running = await startProvider({ db });
    const [attacker, victim] = [createBrowser(), createBrowser()];
    const at = (path: string) => `${running.issuer}${path}`;
    const request = ask().replaceAll(encodeURIComponent(ISSUER), encodeURIComponent(running.issuer));
    const page = await attacker.visit(request.replace(ISSUER, running.issuer));
    const library = (await attacker.cookies(page.url)).filter(({ path }) => path !== '/');
    for (const cookie of library) await victim.plant(cookie.toString(), page.url);
    expect(hasForm(await victim.visit(page.url))).toBe(false);
    expect((await sendSignIn(victim, page)).status).toBe(400);
    expect((await sendSignIn(attacker, page)).status).toBe(303);
    for (const cookie of await attacker.cookies(at(`/auth/${uidOf(page)}`))) {
      if (cookie.path !== '/') await victim.plant(cookie.toString(), at('/auth'));
    }
    expect((await victim.visit(at(`/auth/${uidOf(page)}`))).status).toBe(400);
    expect((await attacker.visit(at(`/auth/${uidOf(page)}`))).url).toBe(at('/'));
    await running.stop();
  });
});
