import { type Answer, type Browser, createBrowser } from '@gatehouse/test-kit/browser';
import { decodeJwt } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Authenticator, giveAuthenticator } from '../../testing/authenticator.ts';
import { csrfOf, mainOf, sendSignIn, stepUrl, titleOf } from '../../testing/pages.ts';
import { parameterOf, type RelyingParty, relyingParty } from '../../testing/relying-party.ts';
import { signIn } from '../../testing/sign-in.ts';
import { type RunningProvider, startProvider } from '../../testing/start-provider.ts';

let running: RunningProvider;
let finance: RelyingParty;
let app: Authenticator;
beforeAll(async () => {
  running = await startProvider();
  finance = relyingParty(running, 'finance', 4003);
  app = await giveAuthenticator(running, 'tomas.reyes');
});
beforeEach(async () => {
  await running.db.owner.query('DELETE FROM credentials.throttle');
  await running.db.owner.query('UPDATE credentials.totp SET last_step = 0');
});
afterAll(() => running.stop());

/** Passes the first step; the page of the second one. */
const passPassword = async (browser: Browser, changes = {}) => {
  const page = await browser.visit(finance.authorizationUrl(changes));
  const answer = await sendSignIn(browser, page);
  return browser.visit(new URL(String(answer.headers.location), page.url).href);
};
const sendCode = (browser: Browser, page: Answer, code: string, fields = {}) =>
  browser.submit(stepUrl(page, 'second-factor'), { _csrf: csrfOf(page), code, ...fields }, { follow: false });
const finished = async (browser: Browser, answer: Answer) => {
  const back = await browser.visit(String(answer.headers.location), { follow: false });
  return parameterOf(back, 'code');
};

/** So that a slow machine does not sit a wait out before the test looks. */
const stretchWaits = () =>
  running.db.owner.query(
    `UPDATE credentials.throttle SET blocked_until = now() + interval '15 minutes' WHERE key LIKE 'second factor account:%'`,
  );

it('S110 the owner’s known device passes the second step while whoever has the password blocks it, and no other does', async () => {
  const owner = createBrowser();
  await sendCode(owner, await passPassword(owner), app.code(-1)).then((answer) => finished(owner, answer));
  const thief = createBrowser();
  const thiefsPage = await passPassword(thief);
  for (let guess = 0; guess < 5; guess++) await sendCode(thief, thiefsPage, '000000');
  await stretchWaits();
  expect((await sendCode(thief, await passPassword(thief), app.code())).status).toBe(429);
  const again = await sendCode(owner, await passPassword(owner, { prompt: 'login' }), app.code());
  expect(await finished(owner, again)).toBeTruthy();
});

it('S110 a device that is known by the password alone is none for the second step', async () => {
  const login = 'ruth.abara';
  const thief = createBrowser();
  await signIn(thief, running.issuer, login);
  const ruths = await giveAuthenticator(running, login);
  const toCode = async (browser: Browser) => {
    const page = await browser.visit(finance.authorizationUrl({ prompt: 'login' }));
    const answer = await sendSignIn(browser, page, { login });
    return browser.visit(new URL(String(answer.headers.location), page.url).href);
  };
  const stranger = createBrowser();
  const strangersPage = await toCode(stranger);
  for (let guess = 0; guess < 5; guess++) await sendCode(stranger, strangersPage, '000000');
  await stretchWaits();
  expect((await sendCode(thief, await toCode(thief), ruths.code())).status).toBe(429);
  await running.db.owner.query('DELETE FROM credentials.throttle');
  expect((await sendCode(thief, await toCode(thief), ruths.code())).status).toBe(303);
});

describe('somebody with an authenticator app', () => {
  it('is asked for its code after the password, and the app learns how they signed in', async () => {
    const browser = createBrowser();
    const before = Math.floor(Date.now() / 1000);
    const page = await passPassword(browser);
    expect(titleOf(page)).toBe('Confirm that it is you');
    const code = await finished(browser, await sendCode(browser, page, app.code()));
    const tokens = (await (await finance.redeem(code)).json()) as { id_token: string };
    const claims = decodeJwt(tokens.id_token);
    expect(claims).toMatchObject({ amr: ['pwd', 'otp', 'mfa'], acr: 'urn:gatehouse:acr:two-factor' });
    expect(claims.auth_time).toBeGreaterThanOrEqual(before);
  });

  it('may write a recovery code instead, once, however it is typed', async () => {
    const [first = '', second = ''] = app.recoveryCodes;
    const browser = createBrowser();
    const page = await passPassword(browser);
    expect((await sendCode(browser, page, ` ${first.toUpperCase().replaceAll('-', ' ')} `)).status).toBe(303);
    const again = createBrowser();
    const secondPage = await passPassword(again);
    expect((await sendCode(again, secondPage, first)).status).toBe(422);
    expect((await sendCode(again, secondPage, second)).status).toBe(303);
  });

  it('S35 may use a code once only, and none that is two steps old', async () => {
    const code = app.code();
    const [browser, other] = [createBrowser(), createBrowser()];
    const [page, othersPage] = [await passPassword(browser), await passPassword(other)];
    const answers = await Promise.all([sendCode(browser, page, code), sendCode(other, othersPage, code)]);
    expect(answers.map(({ status }) => status).sort()).toEqual([303, 422]);
    await running.db.owner.query('UPDATE credentials.totp SET last_step = 0');
    const third = createBrowser();
    const thirdPage = await passPassword(third);
    expect((await sendCode(third, thirdPage, app.code(-2))).status).toBe(422);
    expect((await sendCode(third, thirdPage, app.code(-1))).status).toBe(303);
  });

  it('S35 is taken once of two that reach two instances at the same time', async () => {
    const twin = await startProvider({ db: running.db, issuer: running.issuer, trustProxy: ['127.0.0.1'] });
    try {
      const [one, other] = [createBrowser(), createBrowser()];
      const [page, othersPage] = [await passPassword(one), await passPassword(other)];
      const headers = { 'x-forwarded-host': new URL(running.issuer).host, origin: running.issuer };
      const form = { _csrf: csrfOf(othersPage), code: app.code() };
      const url = `${twin.issuer}${new URL(othersPage.url).pathname}/second-factor`;
      const answers = await Promise.all([
        sendCode(one, page, app.code()),
        other.submit(url, form, { follow: false, headers }),
      ]);
      expect(answers.map(({ status }) => status).sort()).toEqual([303, 422]);
    } finally {
      await twin.stop();
    }
  });

  it('S35 has to wait after too many wrong codes, also with the right one and in a new sign-in', async () => {
    const browser = createBrowser();
    const page = await passPassword(browser);
    for (let failure = 0; failure < 5; failure++) await sendCode(browser, page, '000000');
    await running.db.owner.query(
      `UPDATE credentials.throttle SET blocked_until = blocked_until + interval '9 minutes'`,
    );
    const other = createBrowser();
    const answer = await sendCode(other, await passPassword(other), app.code());
    expect(answer.status).toBe(429);
    expect(mainOf(answer)).toContain('Too many attempts');
  });

  it('S41 is still asked after a new password', async () => {
    await running.db.owner.query('UPDATE credentials.password SET changed_at = now()');
    expect(titleOf(await passPassword(createBrowser()))).toBe('Confirm that it is you');
  });

  it('can begin again as somebody else', async () => {
    const browser = createBrowser();
    const page = await passPassword(browser);
    const form = await browser.visit(`${page.url}&account=another`);
    expect(titleOf(form)).toBe('Sign in');
    expect((await sendSignIn(browser, form, { login: 'grace.lindqvist' })).headers.location).toContain('/auth/');
  });

  it('stands in the audit as signed in only when both steps are passed', async () => {
    const personId = await running.db.personId('tomas.reyes');
    const count = async () => {
      const { rows } = await running.db.owner.query(
        `SELECT count(*)::int AS count FROM audit.event WHERE type = 'sign_in.succeeded' AND subject_person_id = $1`,
        [personId],
      );
      return rows[0].count as number;
    };
    const before = await count();
    const browser = createBrowser();
    const page = await passPassword(browser);
    expect(await count()).toBe(before);
    await sendCode(browser, page, app.code());
    expect(await count()).toBe(before + 1);
  });
});

describe('S34 the second step cannot be skipped', () => {
  it.each(['continue', 'second-factor'])('by an empty post to %s', async (step) => {
    const browser = createBrowser();
    const page = await passPassword(browser);
    const answer = await browser.submit(stepUrl(page, step), { _csrf: csrfOf(page) }, { follow: false });
    if (answer.status === 303) {
      const next = await browser.visit(new URL(String(answer.headers.location), page.url).href);
      expect(['Confirm that it is you', 'Sign in']).toContain(titleOf(next));
    } else expect(answer.status).toBe(422);
    const silent = await browser.visit(finance.authorizationUrl({ prompt: 'none' }), { follow: false });
    expect(silent.headers.location).toContain('error=login_required');
  });

  it('by another account in the form, or by the code of another person', async () => {
    const graces = await giveAuthenticator(running, 'grace.lindqvist');
    const browser = createBrowser();
    const page = await passPassword(browser);
    const personId = await running.db.personId('grace.lindqvist');
    const answer = await sendCode(browser, page, graces.code(), { accountId: personId, personId });
    expect(answer.status).toBe(422);
  });

  it('by carrying it to another interaction', async () => {
    const browser = createBrowser();
    await passPassword(browser);
    const other = await browser.visit(finance.authorizationUrl({ state: 'other' }));
    expect(titleOf(other)).toBe('Sign in');
    const answer = await browser.submit(
      stepUrl(other, 'second-factor'),
      { _csrf: csrfOf(other), code: app.code() },
      { follow: false },
    );
    expect(new URL(String(answer.headers.location), other.url).href).toBe(other.url);
    expect(titleOf(await browser.visit(other.url))).toBe('Sign in');
  });

  it('S17 after ten minutes', async () => {
    const browser = createBrowser();
    const page = await passPassword(browser);
    await running.db.owner.query('UPDATE credentials.pending_sign_in SET expires_at = now()');
    await sendCode(browser, page, app.code());
    expect(titleOf(await browser.visit(page.url))).toBe('Sign in');
  });
});

it('is not asked of those who have none, and their ID token says so', async () => {
  const browser = createBrowser();
  await signIn(browser, running.issuer, 'samuel.price');
  const code = await finance.codeFor(browser);
  const tokens = (await (await finance.redeem(code)).json()) as { id_token: string };
  expect(decodeJwt(tokens.id_token)).toMatchObject({ amr: ['pwd'], acr: 'urn:gatehouse:acr:one-factor' });
});
