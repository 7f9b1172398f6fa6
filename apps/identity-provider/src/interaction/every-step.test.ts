import { decideSecondFactor } from '@gatehouse/directory/manage';
import { demoPassword } from '@gatehouse/prisma/seed';
import { type Answer, type Browser, createBrowser } from '@gatehouse/test-kit/browser';
import { load } from 'cheerio';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Authenticator, giveAuthenticator } from '../../testing/authenticator.ts';
import { csrfOf, stepUrl, titleOf } from '../../testing/pages.ts';
import { givePasskey, type SoftPasskey } from '../../testing/passkey.ts';
import { type RelyingParty, relyingParty } from '../../testing/relying-party.ts';
import { signIn, submitSignIn } from '../../testing/sign-in.ts';
import { type RunningProvider, startProvider } from '../../testing/start-provider.ts';
import { thirdParty } from '../../testing/third-party.ts';

let running: RunningProvider;
let finance: RelyingParty;
let desk: RelyingParty;
let library: RelyingParty;
let museum: RelyingParty;
let app: Authenticator;
let passkey: SoftPasskey;
beforeAll(async () => {
  running = await startProvider();
  finance = relyingParty(running, 'finance', 4003);
  desk = relyingParty(running, 'service-desk', 4004);
  library = await thirdParty(running, { client_id: 'library', client_name: 'Library' });
  museum = await thirdParty(running, { client_id: 'museum', client_name: 'Museum' });
  app = await giveAuthenticator(running, 'tomas.reyes');
  passkey = await givePasskey(running, 'grace.lindqvist');
});
beforeEach(() =>
  running.db.owner.query(`
    DELETE FROM credentials.throttle; DELETE FROM protocol.consent; UPDATE credentials.totp SET last_step = 0;
    UPDATE directory.app SET second_factor_decided = NULL`),
);
afterAll(() => running.stop());

/** A page at which an authorization request waits for the person, and what they send to go on. */
interface Step {
  name: string;
  apps(): [RelyingParty, RelyingParty];
  /** Who is in the browser before. */
  prepare?(browser: Browser): Promise<unknown>;
  /** From the page that the app leads to, to the step's own. */
  arrive?(browser: Browser, page: Answer): Promise<Answer>;
  title: string | RegExp;
  /** Of the interaction, as seen from the page. */
  form(page: Answer): { path: string; fields: Record<string, string> };
}

const throughPassword = async (browser: Browser, page: Answer, login = 'tomas.reyes') => {
  const answer = await browser.submit(
    stepUrl(page, 'sign-in'),
    { _csrf: csrfOf(page), login, password: demoPassword },
    { follow: false },
  );
  return browser.visit(new URL(String(answer.headers.location), page.url).href);
};
const passkeyForm = (page: Answer) => {
  const options = JSON.parse(load(page.body)('[data-passkey-sign-in]').attr('data-passkey-sign-in') ?? '{}');
  return { path: 'passkey', fields: { response: passkey.signIn(options.challenge) } };
};

const steps: Step[] = [
  {
    name: 'the password',
    apps: () => [finance, desk],
    title: 'Sign in',
    form: () => ({ path: 'sign-in', fields: { login: 'amelia.hart', password: demoPassword } }),
  },
  {
    name: 'a passkey in place of the password',
    apps: () => [finance, desk],
    title: 'Sign in',
    form: passkeyForm,
  },
  {
    name: 'the second factor',
    apps: () => [finance, desk],
    arrive: throughPassword,
    title: 'Confirm that it is you',
    form: (page) => ({ path: 'second-factor', fields: { code: app.code(stepOf(page)) } }),
  },
  {
    name: 'a passkey as second factor',
    apps: () => [finance, desk],
    async prepare(browser) {
      for (const each of ['finance', 'service-desk']) {
        await decideSecondFactor(running.db.owner, { app: each, required: true });
      }
      await signIn(browser, running.issuer, 'grace.lindqvist');
    },
    title: 'Confirm that it is you',
    form: passkeyForm,
  },
  {
    name: 'the choice of an account',
    apps: () => [finance, desk],
    prepare: (browser) => signIn(browser, running.issuer, 'amelia.hart'),
    title: 'Choose an account',
    form: () => ({ path: 'continue', fields: {} }),
  },
  {
    name: 'consent',
    apps: () => [library, museum],
    prepare: (browser) => signIn(browser, running.issuer, 'amelia.hart'),
    title: /Let (Library|Museum) know you/,
    form: () => ({ path: 'allow', fields: {} }),
  },
];

/** Two tabs use two codes: the first one sends the code before. */
const stepOf = (page: Answer) => (page.url.includes('#first') ? -1 : 0);

const reach = async (step: Step, browser: Browser, app: RelyingParty) => {
  const changes = {
    state: `of ${app.clientId}`,
    ...(step.title === 'Choose an account' && { prompt: 'select_account' }),
  };
  const first = await browser.visit(app.authorizationUrl(changes));
  const page = (await step.arrive?.(browser, first)) ?? first;
  expect(titleOf(page)).toMatch(step.title);
  return { ...page, url: page.url.split('?')[0] ?? '' };
};
const send = (step: Step, browser: Browser, page: Answer, more: Record<string, string> = {}) => {
  const { path, fields } = step.form(page);
  const url = page.url.split('#')[0];
  return browser.submit(`${url}/${path}`, { _csrf: csrfOf(page), ...fields, ...more }, { follow: false });
};
/** Where the answer to a step leads in the end: the app's address, or a page of ours. */
const ended = async (browser: Browser, answer: Answer) => {
  let page = answer;
  while (page.headers.location?.match(/^(\/|http:\/\/localhost:\d+\/(auth|interaction)\/[\w-]+(\?|$))/)) {
    const next = new URL(page.headers.location, page.url);
    if (next.origin !== running.issuer) break;
    page = await browser.visit(next.href, { follow: false });
  }
  return new URL(page.headers.location ?? page.url, page.url);
};
const goesTo = async (browser: Browser, answer: Answer, app: RelyingParty) => {
  const { origin, pathname, searchParams } = await ended(browser, answer);
  expect(origin + pathname).toBe(app.redirectUri);
  expect(searchParams.get('state')).toBe(`of ${app.clientId}`);
  expect(searchParams.get('code')).toBeTruthy();
};
/** A page that names the cause and offers the way on. */
const isOver = (answer: Answer) => {
  expect(answer.status).toBe(400);
  expect(titleOf(answer)).toMatch(/^(This sign-in page is no longer valid|You are signed in already)$/);
  expect(load(answer.body)('main p').text()).toMatch(/used|open for too long|sent no cookie/);
  expect(load(answer.body)('main a.button').attr('href')).toBe('/');
};

describe.each(steps)('at the step of $name', (step) => {
  const began = async () => {
    const browser = createBrowser();
    await step.prepare?.(browser);
    return browser;
  };

  it('S22 two tabs that go to two apps each come to their own', async () => {
    const browser = await began();
    const [one, other] = step.apps();
    const [first, second] = [await reach(step, browser, one), await reach(step, browser, other)];
    await goesTo(browser, await send(step, browser, { ...first, url: `${first.url}#first` }), one);
    await goesTo(browser, await send(step, browser, second), other);
  });

  it('S22 a page that was open for too long says so and offers the way on', async () => {
    const browser = await began();
    const [app] = step.apps();
    const page = await reach(step, browser, app);
    await running.db.owner.query(
      `UPDATE protocol.state SET payload = payload || '{"exp": 1}', expires_at = to_timestamp(1) WHERE model = 'Interaction'`,
    );
    isOver(await send(step, browser, page));
    await goesTo(browser, await send(step, browser, await reach(step, browser, app)), app);
  });

  it('S22 S34 a form that was sent before does nothing again, though its factor could', async () => {
    const browser = await began();
    const [app] = step.apps();
    const page = await reach(step, browser, app);
    await goesTo(browser, await send(step, browser, page), app);
    await running.db.owner.query('UPDATE credentials.totp SET last_step = 0');
    isOver(await send(step, browser, page));
    isOver(await send(step, browser.clone(), page));
  });

  it("S19 S22 nobody finishes another browser's", async () => {
    const [victim, attacker] = [await began(), await began()];
    const [app, another] = step.apps();
    const page = await reach(step, victim, app);
    await reach(step, attacker, another);
    isOver(await send(step, attacker, page));
    await running.db.owner.query('UPDATE credentials.totp SET last_step = 0');
    await goesTo(victim, await send(step, victim, page), app);
  });

  it('S34 another account in the form changes nothing', async () => {
    const browser = await began();
    const [app] = step.apps();
    const page = await reach(step, browser, app);
    const leo = await running.db.personId('leo.martins');
    const since = await now();
    await goesTo(browser, await send(step, browser, page, { accountId: leo, personId: leo, sub: leo }), app);
    const { rows } = await running.db.owner.query(
      `SELECT DISTINCT actor_person_id = $1 AS "isLeo" FROM audit.event WHERE at >= $2 AND type = 'authorization.granted'`,
      [leo, since],
    );
    expect(rows).toEqual([{ isLeo: false }]);
  });
});

describe('S34 a step that was not reached', () => {
  it.each(['second-factor', 'allow', 'decline', 'continue'])(
    'cannot be answered: %s before the password',
    async (path) => {
      const browser = createBrowser();
      const page = await browser.visit(library.authorizationUrl());
      const fields = { _csrf: csrfOf(page), code: app.code() };
      const answer = await browser.submit(stepUrl(page, path), fields, { follow: false });
      if (answer.status === 400) isOver(answer);
      else expect((await ended(browser, answer)).pathname).toMatch(/^\/interaction\//);
      const silent = await browser.visit(library.authorizationUrl({ prompt: 'none' }), { follow: false });
      expect(silent.headers.location).toContain('error=login_required');
    },
  );

  it.each(['allow', 'continue'])('nor the second factor passed over: %s in its place', async (path) => {
    await decideSecondFactor(running.db.owner, { app: 'finance', required: true });
    const browser = createBrowser();
    const page = await throughPassword(browser, await browser.visit(finance.authorizationUrl()));
    expect(titleOf(page)).toBe('Confirm that it is you');
    await ended(browser, await browser.submit(stepUrl(page, path), { _csrf: csrfOf(page) }, { follow: false }));
    const silent = await browser.visit(finance.authorizationUrl({ prompt: 'none' }), { follow: false });
    expect(silent.headers.location).toMatch(/error=(login|interaction)_required/);
  });
});

it('S22 two tabs at the gate where a second factor is set up each come to their own app', async () => {
  for (const each of ['finance', 'service-desk']) {
    await decideSecondFactor(running.db.owner, { app: each, required: true });
  }
  const browser = createBrowser();
  await signIn(browser, running.issuer, 'samuel.price');
  const gates = [];
  for (const each of [finance, desk]) {
    const gate = await browser.visit(each.authorizationUrl({ state: `of ${each.clientId}` }));
    expect(gate.status).toBe(403);
    gates.push(gate.url);
  }
  const samuels = await giveAuthenticator(running, 'samuel.price');
  const answers: [RelyingParty, number][] = [
    [desk, -1],
    [finance, 0],
  ];
  for (const [each, stepsAway] of answers) {
    const page = await browser.visit(gates[each === finance ? 0 : 1] ?? '');
    const form = { _csrf: csrfOf(page), code: samuels.code(stepsAway) };
    await goesTo(browser, await browser.submit(stepUrl(page, 'second-factor'), form, { follow: false }), each);
  }
});

it('S20 the session has a new id after the password, after the second factor and after a step up, and no old one lives', async () => {
  const browser = createBrowser();
  const idNow = async () => (await browser.cookies(running.issuer)).find(({ key }) => key === 'gatehouse')?.value;
  const sendCode = async (page: Answer, code: string) => {
    const form = { _csrf: csrfOf(page), code };
    await ended(browser, await browser.submit(stepUrl(page, 'second-factor'), form, { follow: false }));
  };
  await signIn(browser, running.issuer, 'ruth.abara');
  const [byPassword, stolen] = [await idNow(), browser.clone()];
  const ruths = await giveAuthenticator(running, 'ruth.abara');
  const asked = { acr_values: 'urn:gatehouse:acr:two-factor' };
  const page = await browser.visit(finance.authorizationUrl(asked));
  await sendCode(page, ruths.code(-1));
  const [steppedUp, stolenLater] = [await idNow(), browser.clone()];
  const again = await submitSignIn(
    browser,
    await browser.visit(finance.authorizationUrl({ prompt: 'login' })),
    'ruth.abara',
    true,
  );
  await sendCode(again, ruths.code());
  expect(new Set([byPassword, steppedUp, await idNow()]).size).toBe(3);
  const silent = finance.authorizationUrl({ prompt: 'none' });
  for (const old of [stolen, stolenLater]) {
    expect((await old.visit(silent, { follow: false })).headers.location).toContain('error=login_required');
  }
  expect((await browser.visit(silent, { follow: false })).headers.location).toContain('code=');
});

const now = async () => (await running.db.owner.query('SELECT clock_timestamp() AS now')).rows[0].now as Date;
