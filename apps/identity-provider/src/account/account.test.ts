import { createOneTimeLink } from '@gatehouse/accounts';
import { demoPassword } from '@gatehouse/prisma/seed';
import { type Answer, type Browser, createBrowser } from '@gatehouse/test-kit/browser';
import { load } from 'cheerio';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { csrfOf, mainOf, stepUrl, titleOf } from '../../testing/pages.ts';
import { relyingParty } from '../../testing/relying-party.ts';
import { signIn, submitSignIn } from '../../testing/sign-in.ts';
import { type RunningProvider, startProvider } from '../../testing/start-provider.ts';
import { thirdParty } from '../../testing/third-party.ts';

let running: RunningProvider;
beforeAll(async () => {
  running = await startProvider();
});
beforeEach(() => running.db.owner.query('DELETE FROM credentials.throttle'));
afterAll(() => running.stop());

const laptop = { 'user-agent': 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0' };
const finance = () => relyingParty(running, 'finance', 4003);
const at = (path: string) => `${running.issuer}/account${path}`;
const signedIn = async (login: string) => {
  const browser = createBrowser();
  await signIn(browser, running.issuer, login);
  return browser;
};
/** Loads a page of the account and sends one of its forms. */
const send = async (browser: Browser, path: string, fields: Record<string, string>, action = path) => {
  const page = await browser.visit(at(path));
  return browser.submit(at(action), { _csrf: csrfOf(page), ...fields }, { follow: false });
};
const isSignedIn = async (browser: Browser) => {
  const { headers } = await browser.visit(finance().authorizationUrl({ prompt: 'none' }), { follow: false });
  return headers.location?.includes('code=') ?? false;
};
const errorAt = (page: Answer, field: string) => load(page.body)(`#field-${field}-error`).text();

describe('the account pages', () => {
  it('lead to the sign-in page first, and back to the page that was asked for', async () => {
    const browser = createBrowser();
    const page = await browser.visit(at('/sessions'));
    expect(mainOf(page)).toContain('to continue to Your account');
    const account = await submitSignIn(browser, page, 'tomas.reyes', true);
    expect(account.url).toBe(at('/sessions'));
    expect(titleOf(account)).toBe('Where you are signed in');
  });

  it.each(['//evil.example', 'https://evil.example/', '/account/../sign-out', '/account/signed-in', '/account//evil'])(
    'come back to no other place than themselves: %s',
    async (state) => {
      const browser = await signedIn('tomas.reyes');
      const answer = await browser.visit(at(`/signed-in?${new URLSearchParams({ state })}`), { follow: false });
      expect(answer.headers.location).toBe('/account');
    },
  );

  it('P24 show what apps of others may know, and take it back', async () => {
    const library = await thirdParty(running, { client_id: 'library', client_name: 'Library' }, 'grace.lindqvist');
    const browser = await signedIn('grace.lindqvist');
    const token = await library.codeFor(browser);
    expect(mainOf(await browser.visit(at('')))).toContain('Library');
    expect((await send(browser, '', { client: 'nothing' }, '/consents/revoke')).status).toBe(404);
    const revoked = await send(browser, '', { client: 'library' }, '/consents/revoke');
    expect(revoked.headers.location).toBe('/account?done=consent-revoked');
    expect(mainOf(await browser.visit(at('')))).not.toContain('Library');
    expect((await library.redeem(token)).status).toBe(400);
    const asked = await browser.visit(library.authorizationUrl());
    expect(titleOf(asked)).toBe('Let Library know you?');
  });

  it('do not send somebody who cancelled to the sign-in page again', async () => {
    const answer = await createBrowser().visit(at('/signed-in?error=access_denied&state=/account'));
    expect(titleOf(answer)).toBe('You are not signed in');
  });

  it('show who the person is, and nobody else', async () => {
    const page = await (await signedIn('samuel.price')).visit(at(''));
    const text = mainOf(page);
    for (const shown of ['samuel.price', 'samuel.price@', 'Finance Assistant', 'Head of Human Resources']) {
      expect(text).toContain(shown);
    }
    expect(load(page.body)('.header a[href$="/account"]').length).toBeGreaterThan(0);
  });
});

describe('C57 the user name that a form tells password managers', () => {
  it('is one that the sign-in page takes: to change a password, and to set one by a link', async () => {
    const browser = await signedIn('grace.lindqvist');
    const personId = await running.db.personId('grace.lindqvist');
    const token = await createOneTimeLink(running.pool, { personId, purpose: 'reset' });
    for (const url of [at('/password'), `${running.issuer}/set-password?token=${token}`]) {
      const name = String(load((await browser.visit(url)).body)('[autocomplete=username]').val());
      expect(name).toBe('grace.lindqvist');
      await signedIn(name);
    }
  });
});

describe('changing the password', () => {
  const change = (browser: Browser, current: string, password: string, repeated = password) =>
    send(browser, '/password', { current, password, repeated });

  it('S40 keeps this session, ends every other one, and takes the new password from then on', async () => {
    const [here, elsewhere] = [await signedIn('grace.lindqvist'), await signedIn('grace.lindqvist')];
    expect(await isSignedIn(elsewhere)).toBe(true);
    const answer = await change(here, demoPassword, 'seven quiet otters dancing');
    expect(answer.headers.location).toBe('/account?done=password');
    expect(await isSignedIn(here)).toBe(true);
    expect(await isSignedIn(elsewhere)).toBe(false);
    await expect(signedIn('grace.lindqvist')).rejects.toThrow('answered with 422');
  });

  it('says at the field what is wrong, keeps no password in the page, and changes nothing', async () => {
    const browser = await signedIn('ruth.abara');
    const wrong = await change(browser, 'not my password at all', 'seven quiet otters dancing');
    expect([wrong.status, errorAt(wrong, 'current')]).toEqual([422, expect.stringContaining('not your current')]);
    const weak = await change(browser, demoPassword, 'ruth.abara ruth.abara');
    expect([weak.status, errorAt(weak, 'password')]).toEqual([422, expect.stringContaining('easy to guess')]);
    const different = await change(browser, demoPassword, 'seven quiet otters dancing', 'something else');
    expect(errorAt(different, 'repeated')).toContain('not the same');
    const same = await change(browser, demoPassword, demoPassword);
    expect(errorAt(same, 'password')).toMatch(/password that you have now|easy to guess/);
    for (const { body } of [wrong, weak, different]) expect(body).not.toContain('otters');
    expect(await isSignedIn(await signedIn('ruth.abara'))).toBe(true);
  });

  it('S30 makes guessing the current password wait, also for the right one, and leaves the sign-in page alone', async () => {
    const browser = await signedIn('yusuf.demir');
    for (let failure = 0; failure < 5; failure++) await change(browser, 'wrong wrong wrong', 'seven quiet otters');
    await running.db.owner.query(
      `UPDATE credentials.throttle SET blocked_until = blocked_until + interval '10 minutes'`,
    );
    const answer = await change(browser, demoPassword, 'seven quiet otters dancing');
    expect(answer.status).toBe(429);
    expect(mainOf(answer)).toContain('Too many attempts');
    expect(await isSignedIn(await signedIn('yusuf.demir'))).toBe(true);
  });

  it('S21 is refused without the token of this session', async () => {
    const browser = await signedIn('tomas.reyes');
    const forged = await send(browser, '/password', {
      _csrf: 'forged',
      current: demoPassword,
      password: 'x',
      repeated: 'x',
    });
    expect(forged.status).toBe(403);
  });
});

describe('where you are signed in', () => {
  it('shows each browser in words, its place and its apps', async () => {
    const browser = createBrowser();
    const page = await browser.visit(finance().authorizationUrl(), { headers: laptop });
    const form = load(page.body)('form').first();
    const login = await browser.submit(
      new URL(String(form.attr('action')), page.url).href,
      { _csrf: csrfOf(page), login: 'amelia.hart', password: demoPassword },
      { follow: false, headers: laptop },
    );
    await browser.visit(String(login.headers.location), { follow: false, headers: laptop });
    await expect.poll(async () => mainOf(await browser.visit(at('/sessions')))).toContain('Firefox on Linux');
    const text = mainOf(await browser.visit(at('/sessions')));
    expect(text).toContain('This browser');
    expect(text).toContain('Network 127.0.0.1');
  });

  it('ends another one: signed out of every app there, still signed in here', async () => {
    const [here, elsewhere] = [await signedIn('dev.patel'), await signedIn('dev.patel')];
    const page = await here.visit(at('/sessions'));
    const uids = load(page.body)('[name=session]')
      .map((_, input) => String(load(page.body)(input).val()))
      .get();
    expect(uids).toHaveLength(2);
    const ended = await send(here, '/sessions', { session: String(uids[1]) }, '/sessions/end');
    expect(ended.headers.location).toBe('/account/sessions?done=ended');
    expect(titleOf(await elsewhere.visit(`${running.issuer}/`))).toBe('Sign in');
    expect(titleOf(await here.visit(`${running.issuer}/`))).toBe('Your apps');
  });

  it('ends all others at once, tells apps elsewhere, and leaves this one', async () => {
    const [here, elsewhere] = [await signedIn('uma.iyer'), await signedIn('uma.iyer')];
    await running.db.owner.query(
      `INSERT INTO app_sessions.sign_in (session_uid, client_id, sid, grant_id, person_id, expires_at)
       SELECT uid, 'human-resources', gen_random_uuid(), gen_random_uuid(), account_id::uuid, now() + interval '1 hour'
       FROM protocol.state WHERE model = 'Session' AND account_id = $1`,
      [await running.db.personId('uma.iyer')],
    );
    const answer = await send(here, '/sessions', {}, '/sessions/end-others');
    expect(answer.headers.location).toBe('/account/sessions?done=others');
    expect(titleOf(await elsewhere.visit(`${running.issuer}/`))).toBe('Sign in');
    const { rows } = await running.db.owner.query(
      `SELECT count(*) FILTER (WHERE ended_at IS NULL)::int AS live, array_agg(DISTINCT end_reason) AS reasons
       FROM app_sessions.sign_in WHERE person_id = $1`,
      [await running.db.personId('uma.iyer')],
    );
    expect(rows[0]).toEqual({ live: 1, reasons: expect.arrayContaining(['ended_elsewhere']) });
    expect(mainOf(await here.visit(at('/sessions')))).toContain('Signed out');
  });

  it('ends this one as signing out does, with the receipt', async () => {
    const browser = await signedIn('zoe.hartley');
    const uid = String(load((await browser.visit(at('/sessions'))).body)('[name=session]').val());
    const page = await browser.visit(at('/sessions'));
    const receipt = await browser.submit(at('/sessions/end'), { _csrf: csrfOf(page), session: uid });
    expect(titleOf(receipt)).toBe('You are signed out');
    expect(titleOf(await browser.visit(`${running.issuer}/`))).toBe('Sign in');
  });

  it("S44 ends nobody else's session", async () => {
    const victim = await signedIn('tomas.reyes');
    const page = await victim.visit(at('/sessions'));
    const uid = String(load(page.body)('[name=session]').val());
    const attempt = await send(await signedIn('dev.patel'), '/sessions', { session: uid }, '/sessions/end');
    expect(attempt.status).toBe(404);
    expect(titleOf(await victim.visit(`${running.issuer}/`))).toBe('Your apps');
  });
});

describe('the sign-in history', () => {
  it('shows their own sign-ins and failures, with app, device and place, a page at a time', async () => {
    const browser = createBrowser();
    const page = await browser.visit(finance().authorizationUrl());
    await browser.submit(
      stepUrl(page, 'sign-in'),
      { _csrf: csrfOf(page), login: 'samuel.price', password: 'wrong wrong wrong' },
      { follow: false, headers: laptop },
    );
    const owner = await signedIn('samuel.price');
    const text = mainOf(await owner.visit(at('/history')));
    expect(text).toContain('A sign-in failed, for Finance');
    expect(text).toContain('Firefox on Linux, network 127.0.0.1');
    expect(text).toContain('Signed in');

    await running.db.owner.query(
      `INSERT INTO audit.event (type, subject_person_id) SELECT 'sign_in.failed', $1 FROM generate_series(1, 40)`,
      [await running.db.personId('samuel.price')],
    );
    const first = load((await owner.visit(at('/history'))).body);
    expect(first('.timeline li')).toHaveLength(30);
    const older = await owner.visit(new URL(String(first('main a[href*=before]').attr('href')), at('')).href);
    expect(mainOf(older)).toContain('A sign-in failed, for Finance');
  });

  it("shows nothing of another person's", async () => {
    expect(mainOf(await (await signedIn('amelia.hart')).visit(at('/history')))).not.toContain('A sign-in failed');
  });
});
