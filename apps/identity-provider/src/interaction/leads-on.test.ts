import { type Answer, type Browser, createBrowser } from '@gatehouse/test-kit/browser';
import { load } from 'cheerio';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mainOf, sendSignIn, stepUrl, titleOf } from '../../testing/pages.ts';
import { type RelyingParty, relyingParty } from '../../testing/relying-party.ts';
import { signIn, submitSignIn } from '../../testing/sign-in.ts';
import { type RunningProvider, startProvider } from '../../testing/start-provider.ts';
import { thirdParty } from '../../testing/third-party.ts';

const FRONT = 'http://localhost:4003';
const CLAIM = 'http://localhost:4003/claims?year=2026&open=1';

let running: RunningProvider;
let finance: RelyingParty;
let library: RelyingParty;
beforeAll(async () => {
  running = await startProvider();
  finance = relyingParty(running, 'finance', 4003);
  library = await thirdParty(running, {
    client_id: 'library',
    client_name: 'Library',
    client_uri: 'https://lib.example',
  });
});
afterAll(() => running.stop());

const open = (browser: Browser, changes = {}, app = finance) => browser.visit(app.authorizationUrl(changes));
const forClaim = { target_link_uri: CLAIM };
/** What the page's one way on is. */
const wayOn = (page: Answer) => load(page.body)('main a.button').attr('href');
const signedIn = async () => {
  const browser = createBrowser();
  await signIn(browser, running.issuer, 'tomas.reyes');
  return browser;
};
const at = (browser: Browser, url: string) => browser.visit(url, { follow: false });
const hasCode = ({ headers }: Answer) => new URL(headers.location ?? '', running.issuer).searchParams.has('code');

describe('C56 a sign-in page that was bookmarked or sent on', () => {
  it('names the app that was wanted and leads to its page, where nobody is signed in', async () => {
    const { url } = await open(createBrowser(), forClaim);
    const page = await createBrowser().visit(url);
    expect([page.status, titleOf(page), wayOn(page)]).toEqual([200, 'Sign in to Finance', CLAIM]);
    const french = await createBrowser().visit(url, { headers: { 'accept-language': 'fr' } });
    expect([titleOf(french), wayOn(french)]).toEqual(['Se connecter à Finance', CLAIM]);
  });

  it('is there at once for whoever is signed in, also long after the sign-in that it was', async () => {
    const browser = createBrowser();
    const page = await open(browser, forClaim);
    await submitSignIn(browser, page, 'tomas.reyes');
    await running.db.owner.query(`DELETE FROM protocol.state WHERE model = 'Interaction'`);
    for (const who of [browser, await signedIn()]) {
      expect((await at(who, page.url)).headers.location).toBe(CLAIM);
    }
  });

  it('leads to the front page where the app named no page', async () => {
    const { url } = await open(createBrowser());
    expect(wayOn(await createBrowser().visit(url))).toBe(FRONT);
    expect((await at(await signedIn(), url)).headers.location).toBe(FRONT);
  });

  it('still does after a form that failed, by its address', async () => {
    const browser = createBrowser();
    const page = await open(browser, forClaim);
    const action = load(page.body)('form[method=post]').first().attr('action');
    const failed = await browser.submit(new URL(String(action), page.url).href, {});
    expect(wayOn(await createBrowser().visit(failed.url))).toBe(CLAIM);
  });

  it('of our own pages leads to them', async () => {
    const browser = createBrowser();
    const { url } = await browser.visit(`${running.issuer}/account/password`);
    expect((await at(await signedIn(), url)).headers.location).toBe(`${running.issuer}/account/password`);
    const launcher = await createBrowser().visit(`${running.issuer}/`);
    expect(wayOn(await createBrowser().visit(launcher.url))).toBe(`${running.issuer}/`);
  });

  it('of somebody else’s app leads there by a click, never by itself', async () => {
    const { url } = await open(createBrowser(), {}, library);
    for (const who of [createBrowser(), await signedIn()]) {
      const page = await who.visit(url);
      expect([page.status, wayOn(page)]).toEqual([200, 'https://lib.example']);
    }
  });

  it.each([
    'https://evil.example/',
    'http://localhost:4004/',
    'javascript:alert(1)',
    'blob:http://localhost:4003/x',
    'http://x@localhost:4003/',
    '//evil.example',
    '',
    `${FRONT}/${'x'.repeat(2048)}`,
  ])('leads nowhere but to the app: %.40s', async (target) => {
    const { url } = await open(createBrowser(), { target_link_uri: target });
    expect(new URL(url).searchParams.has('target_link_uri')).toBe(false);
    const forged = `${url.split('?')[0]}?${new URLSearchParams({ client_id: 'finance', target_link_uri: target })}`;
    expect(wayOn(await createBrowser().visit(forged))).toBe(FRONT);
    expect((await at(await signedIn(), forged)).headers.location).toBe(FRONT);
  });

  it('of no app that there is says what to do', async () => {
    const page = await createBrowser().visit(`${running.issuer}/interaction/gone?client_id=nobody`);
    expect([page.status, wayOn(page)]).toEqual([400, '/']);
    expect(mainOf(page)).toContain('start again from the app');
  });
});

describe('C54 the address of a sign-in in another program’s hands', () => {
  it('S97 begins anew instead of going on with the other one’s', async () => {
    const [program, browser] = [createBrowser(), await signedIn()];
    const page = await open(program, forClaim);
    for (const address of [page.url, stepUrl(page, 'sign-in') + new URL(page.url).search, resumeAt(page)]) {
      expect((await browser.visit(address, { follow: false })).headers.location).not.toMatch(/code=/);
    }
    expect((await submitSignIn(program, page, 'amelia.hart')).headers.location).toMatch(/code=/);
  });

  it('is the page that leads on when a program hands over the last redirect of a sign-in', async () => {
    const program = createBrowser();
    const page = await open(program, forClaim);
    const { headers } = await sendSignIn(program, page);
    const handed = String(headers.location);
    expect(wayOn(await createBrowser().visit(handed))).toBe(CLAIM);
    const there = await (await signedIn()).visit(handed, { follow: false });
    expect(there.headers.location).toMatch(/^\/interaction\/[\w-]+\/over\?/);
    expect(hasCode(await at(program, handed))).toBe(true);
  });
});

describe('C54 whoever comes second', () => {
  it('to a last redirect that was followed before is led to the page that was wanted', async () => {
    const browser = createBrowser();
    const page = await open(browser, forClaim);
    const { headers } = await sendSignIn(browser, page);
    expect(hasCode(await at(browser, String(headers.location)))).toBe(true);
    const over = await at(browser, String(headers.location));
    expect((await at(browser, new URL(String(over.headers.location), page.url).href)).headers.location).toBe(CLAIM);
  });

  it('with a last redirect that is followed twice at once ends there or one click before, and stays signed in', async () => {
    const browser = await signedIn();
    const page = await open(browser, { ...forClaim, prompt: 'login' });
    const { headers } = await sendSignIn(browser, page);
    const answers = await Promise.all([1, 2].map(() => at(browser, String(headers.location))));
    expect(answers.filter(hasCode)).toHaveLength(1);
    const over = answers.find((answer) => !hasCode(answer));
    expect(over?.headers['set-cookie']).toBeUndefined();
    const led = await at(browser, new URL(String(over?.headers.location), page.url).href);
    expect(led.headers.location ?? wayOn(led)).toBe(CLAIM);
    expect(hasCode(await at(browser, finance.authorizationUrl({ prompt: 'none' })))).toBe(true);
  });
});

describe('C54 a request that no person made', () => {
  const ahead = ['prefetch', 'prefetch;prerender', 'prefetch;anonymous-client-ip'].map((value) => ({
    'sec-purpose': value,
  }));
  const kinds = [
    { name: 'HEAD', method: 'HEAD', headers: {}, status: 200 },
    ...[...ahead, { purpose: 'prefetch' }, { 'x-moz': 'prefetch' }, { 'x-purpose': 'preview' }].map((headers) => ({
      name: JSON.stringify(headers),
      method: 'GET',
      headers: headers as Record<string, string>,
      status: 403,
    })),
  ];

  it.each(kinds)('$name uses no step of a sign-in up', async ({ method, headers, status }) => {
    const browser = createBrowser();
    const ask = async (url: string) => {
      const before = await rows();
      const answer = await browser.visit(url, { method, headers, follow: false });
      expect([answer.status, answer.headers['set-cookie'], answer.body]).toEqual([status, undefined, '']);
      expect(await rows()).toEqual(before);
    };
    await ask(finance.authorizationUrl());
    const page = await open(browser);
    await ask(page.url);
    const { headers: sent } = await sendSignIn(browser, page);
    await ask(String(sent.location));
    expect(hasCode(await at(browser, String(sent.location)))).toBe(true);
    await ask(finance.authorizationUrl());
    await ask(`${running.issuer}/session/end`);
    await ask(`${running.issuer}/device`);
    expect(hasCode(await at(browser, finance.authorizationUrl({ prompt: 'none' })))).toBe(true);
  });

  const rows = async () =>
    (
      await running.db.owner.query(
        `SELECT model, encode(id_hash, 'hex') AS id, payload FROM protocol.state ORDER BY 1, 2`,
      )
    ).rows;
});

const resumeAt = (page: Answer) => `${running.issuer}/auth/${new URL(page.url).pathname.split('/')[2]}`;
