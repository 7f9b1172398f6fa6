import { type Answer, type Browser, createBrowser } from '@gatehouse/test-kit/browser';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { giveAuthenticator } from '../testing/authenticator.ts';
import { csrfOf } from '../testing/pages.ts';
import { relyingParty } from '../testing/relying-party.ts';
import { signIn, submitSignIn } from '../testing/sign-in.ts';
import { type RunningProvider, startProvider } from '../testing/start-provider.ts';

let running: RunningProvider;
beforeAll(async () => {
  running = await startProvider();
  await giveAuthenticator(running, 'tomas.reyes');
});
afterAll(() => running.stop());

/** Somewhere where guesses are counted: a page that is open, and a form with a wrong guess. */
interface LimitedRoute {
  name: string;
  open(browser: Browser): Promise<Answer>;
  path(page: Answer): string;
  guess: Record<string, string>;
}

const finance = () => relyingParty(running, 'finance', 4003).authorizationUrl();
const account = async (browser: Browser, path: string) => {
  await signIn(browser, running.issuer, 'grace.lindqvist');
  return browser.visit(`${running.issuer}/account${path}`);
};

const routes: LimitedRoute[] = [
  {
    name: 'the password',
    open: (browser) => browser.visit(finance()),
    path: ({ url }) => `${new URL(url).pathname}/sign-in`,
    guess: { login: 'tomas.reyes', password: 'wrong wrong wrong' },
  },
  {
    name: 'the second factor',
    open: async (browser) => submitSignIn(browser, await browser.visit(finance()), 'tomas.reyes', true),
    path: ({ url }) => `${new URL(url).pathname}/second-factor`,
    guess: { code: '000000' },
  },
  {
    name: 'a link to choose a new password',
    open: (browser) => browser.visit(`${running.issuer}/forgotten-password`),
    path: () => '/forgotten-password',
    guess: { login: 'tomas.reyes' },
  },
  {
    name: 'the present password, to change it',
    open: (browser) => account(browser, '/password'),
    path: () => '/account/password',
    guess: { current: 'wrong wrong wrong', password: 'seven quiet otters', repeated: 'seven quiet otters' },
  },
  {
    name: 'a new e-mail address',
    open: (browser) => account(browser, '/email'),
    path: () => '/account/email',
    guess: { email: 'somebody@elsewhere.example' },
  },
];

interface Variant {
  path: string;
  method?: string;
  headers?: Record<string, string>;
  fields?: Record<string, string>;
}

const variants = (path: string): Variant[] => [
  { path: `${path}/` },
  { path: path.toUpperCase() },
  { path: path.replace(/[^/]+$/, (last) => last.toUpperCase()) },
  { path: `/${path}` },
  { path: path.replace(/\/([^/]+)$/, '//$1') },
  { path: path.replace(/(?<=.)\/([^/]+)$/, '%2f$1') },
  { path: path.replace(/-|word|email/, (part) => `%${part.charCodeAt(0).toString(16)}${part.slice(1)}`) },
  { path: `${path};a=b` },
  { path: `${path}?a=b` },
  { path, method: 'PUT' },
  { path, method: 'PATCH' },
  { path, method: 'QUERY' },
  { path, headers: { 'x-http-method-override': 'GET' } },
  { path, fields: { _method: 'GET' } },
];

describe.each(routes)('S36 guesses at $name', ({ open, path, guess }) => {
  beforeEach(() => running.db.owner.query('DELETE FROM credentials.throttle'));

  it('are counted by every spelling that is answered, and by the plain one', async () => {
    const browser = createBrowser();
    const page = await open(browser);
    await running.db.owner.query('DELETE FROM credentials.throttle');
    const send = async ({ path: spelling, method = 'POST', headers = {}, fields = {} }: Variant) => {
      const before = await counted();
      const form = { _csrf: csrfOf(page), ...guess, ...fields };
      const { status } = await browser.submit(running.issuer + spelling, form, { method, headers, follow: false });
      await running.db.owner.query('UPDATE credentials.throttle SET blocked_until = NULL');
      return { status, counted: (await counted()) - before };
    };

    expect((await send({ path: path(page) })).counted).toBe(1);
    const outcomes = [];
    for (const variant of variants(path(page))) outcomes.push({ ...variant, ...(await send(variant)) });
    for (const outcome of outcomes) {
      if (outcome.counted !== 1) expect(outcome).toMatchObject({ counted: 0, status: expect.toSatisfy(isRefusal) });
    }
    expect(outcomes.filter((outcome) => outcome.counted === 1).length).toBeGreaterThan(3);
  });
});

/** Nothing was looked at: there is nothing there, or not by this method, or it leads elsewhere. */
const isRefusal = (status: number) => [301, 303, 307, 308, 400, 403, 404, 405].includes(status);

/** Attempts at accounts so far. */
async function counted(): Promise<number> {
  const { rows } = await running.db.owner.query<{ count: number }>(
    `SELECT coalesce(sum(failures), 0)::int AS count FROM credentials.throttle WHERE key !~ 'address:'`,
  );
  return rows[0]?.count ?? 0;
}
