import { type Browser, createBrowser } from '@gatehouse/test-kit/browser';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { sendSignIn } from '../../testing/pages.ts';
import { parameterOf, type RelyingParty, relyingParty } from '../../testing/relying-party.ts';
import { signIn, submitSignIn } from '../../testing/sign-in.ts';
import { type RunningProvider, startProvider } from '../../testing/start-provider.ts';

let running: RunningProvider;
let browser: Browser;
let finance: RelyingParty;
let serviceDesk: RelyingParty;

beforeAll(async () => {
  running = await startProvider();
  finance = relyingParty(running, 'finance', 4003);
  serviceDesk = relyingParty(running, 'service-desk', 4004);
});
beforeEach(() => {
  browser = createBrowser();
});
afterAll(() => running.stop());

const sessionCookie = async (): Promise<string | undefined> =>
  (await browser.cookies(running.issuer)).find(({ key }) => key === 'gatehouse')?.value;

const owner = (sql: string, values: unknown[] = []) => running.db.owner.query(sql, values);

describe('the provider session', () => {
  it('S18 has a signed, HttpOnly, SameSite=Lax cookie that ends with the browser', async () => {
    await signIn(browser, running.issuer, 'tomas.reyes');
    const cookies = (await browser.cookies(running.issuer)).filter(({ key }) => key !== 'known_device');
    expect(cookies.map(({ key }) => key).sort()).toEqual(['gatehouse', 'gatehouse.sig']);
    for (const cookie of cookies)
      expect(cookie).toMatchObject({ httpOnly: true, sameSite: 'lax', expires: 'Infinity' });
  });

  it('S18 takes no cookie whose signature is wrong', async () => {
    await signIn(browser, running.issuer, 'tomas.reyes');
    const id = await sessionCookie();
    const forged = await createBrowser().visit(finance.authorizationUrl({ prompt: 'none' }), {
      follow: false,
      headers: { cookie: `gatehouse=${id}; gatehouse.sig=forged` },
    });
    expect(parameterOf(forged, 'error')).toBe('login_required');
  });

  it('S20 gets a new id whenever somebody signs in, and the old one is dead', async () => {
    await signIn(browser, running.issuer, 'tomas.reyes');
    const stolen = browser.clone();
    const before = await sessionCookie();
    await submitSignIn(browser, await browser.visit(finance.authorizationUrl({ prompt: 'login' })), 'tomas.reyes');
    expect(await sessionCookie()).not.toBe(before);
    expect(parameterOf(await browser.visit(finance.authorizationUrl(), { follow: false }), 'code')).toBeTruthy();
    const answer = await stolen.visit(finance.authorizationUrl({ prompt: 'none' }), { follow: false });
    expect(parameterOf(answer, 'error')).toBe('login_required');
  });

  it('S22 lets two tabs that began together both finish, each at its own app', async () => {
    const tabs = await Promise.all([finance, serviceDesk].map((app) => browser.visit(app.authorizationUrl())));
    const [first, second] = [
      await submitSignIn(browser, tabs[0]!, 'tomas.reyes'),
      await submitSignIn(browser, tabs[1]!, 'tomas.reyes'),
    ];
    expect(first.headers.location).toContain(finance.redirectUri);
    expect(second.headers.location).toContain(serviceDesk.redirectUri);
    expect((await finance.redeem(parameterOf(first, 'code'))).status).toBe(200);
    expect((await serviceDesk.redeem(parameterOf(second, 'code'))).status).toBe(200);
  });

  it('S22 shows a way on where a tab was finished already', async () => {
    const page = await browser.visit(finance.authorizationUrl());
    const answer = await submitSignIn(browser, page, 'tomas.reyes');
    const again = await browser.visit(answer.url, { follow: false });
    const over = await browser.visit(new URL(again.headers.location ?? '', answer.url).href, { follow: false });
    expect(over.headers.location).toBe('http://localhost:4003');
  });

  it('S23 ends twelve hours after the sign-in, however busy it was', async () => {
    await signIn(browser, running.issuer, 'tomas.reyes');
    await finance.codeFor(browser);
    const { rows } = await owner(
      `SELECT (payload->>'exp')::int - (payload->>'loginTs')::int AS seconds FROM protocol.state
       WHERE model = 'Session' AND account_id = $1 ORDER BY expires_at DESC LIMIT 1`,
      [await running.db.personId('tomas.reyes')],
    );
    expect(rows).toEqual([{ seconds: 12 * 60 * 60 }]);

    await age('12 hours 1 minute');
    const answer = await browser.visit(finance.authorizationUrl({ prompt: 'none' }), { follow: false });
    expect(parameterOf(answer, 'error')).toBe('login_required');
  });

  it('S23 ends when its person has opened nothing for an hour: no app, no page of an app, none of ours', async () => {
    await signIn(browser, running.issuer, 'tomas.reyes');
    await finance.redeem(await finance.codeFor(browser));
    const silent = async (from: Browser) => {
      const answer = await from.visit(finance.authorizationUrl({ prompt: 'none' }), { follow: false });
      return new URL(answer.headers.location ?? '').searchParams.get('error') ?? 'let in';
    };
    const left = (minutes: number) =>
      owner(
        `WITH apps AS (UPDATE app_sessions.sign_in SET last_used_at = now() - $1 * interval '1 minute')
         UPDATE protocol.session_origin SET last_used_at = now() - $1 * interval '1 minute'`,
        [minutes],
      );
    await age('2 hours');
    await left(59);
    expect(await silent(browser)).toBe('let in');
    await left(61);
    expect(await silent(browser.clone())).toBe('login_required');

    await left(59);
    await browser.visit(`${running.issuer}/`);
    await owner(`UPDATE app_sessions.sign_in SET last_used_at = now() - interval '61 minutes'`);
    expect(await silent(browser)).toBe('let in');

    await left(61);
    await owner(
      `INSERT INTO app_sessions.session (id_hash, login, client_id, sid, payload, expires_at)
       SELECT sha256('open'), 'finance', client_id, sid, '', expires_at FROM app_sessions.sign_in
       WHERE client_id = 'finance' AND ended_at IS NULL ORDER BY started_at DESC LIMIT 1`,
    );
    expect(await silent(browser)).toBe('let in');
  });

  it('S24 never gives the next person at a shared computer the session of the one before', async () => {
    await signIn(browser, running.issuer, 'tomas.reyes');
    const tokens = await (await finance.redeem(await finance.codeFor(browser))).json();
    const page = await browser.visit(serviceDesk.authorizationUrl({ prompt: 'login' }));
    const handover = await submitSignIn(browser, page, 'dev.patel');
    const form = Object.fromEntries(
      [...handover.body.matchAll(/name="(\w+)" value="([^"]*)"/g)].map(([, name, value]) => [name, value]),
    ) as Record<string, string>;
    const answer = await browser.submit(`${running.issuer}/session/end/confirm`, form, { follow: false });
    const back = await browser.visit(answer.headers.location ?? '', { follow: false });
    const response = await serviceDesk.redeem(parameterOf(back, 'code'));
    expect(await response.json()).toMatchObject({ id_token: expect.any(String) });

    const { rows } =
      await owner(`SELECT DISTINCT p.login FROM app_sessions.sign_in s JOIN directory.person p ON p.id = s.person_id
      WHERE s.ended_at IS NULL AND s.expires_at > now() AND s.started_at > now() - interval '1 minute' AND p.login IN ('tomas.reyes', 'dev.patel') AND s.session_uid IN (
        SELECT session_uid FROM app_sessions.sign_in ORDER BY started_at DESC LIMIT 2)`);
    expect(rows).toEqual([{ login: 'dev.patel' }]);
    const me = await fetch(`${running.issuer}/me`, {
      headers: { authorization: `Bearer ${(tokens as { access_token: string }).access_token}` },
    });
    expect(me.status).toBe(401);
  });

  it('S26 gives one code where a finished interaction is resumed twice at the same time', async () => {
    const finished = await sendSignIn(browser, await browser.visit(finance.authorizationUrl()));
    const resume = new URL(finished.headers.location ?? '', finished.url).href;
    const answers = await Promise.all([browser, browser.clone()].map((tab) => tab.visit(resume, { follow: false })));
    const codes = answers.filter(({ headers }) => headers.location?.includes('code='));
    expect([answers.map(({ status }) => status), codes.length]).toEqual([[303, 303], 1]);
    const resumed = codes[0] ?? expect.fail('one is resumed');
    expect((await finance.redeem(parameterOf(resumed, 'code'))).status).toBe(200);
  });
});

describe('a person who may not', () => {
  it('S73 be signed in any more is asked to sign in, not shown a failure', async () => {
    await signIn(browser, running.issuer, 'tomas.reyes');
    const id = await running.db.personId('tomas.reyes');
    await owner(`UPDATE directory.person SET status = 'disabled' WHERE id = $1`, [id]);
    const page = await browser.visit(finance.authorizationUrl());
    const silent = await browser.visit(finance.authorizationUrl({ prompt: 'none' }), { follow: false });
    await owner(`UPDATE directory.person SET status = 'active' WHERE id = $1`, [id]);
    expect([page.status, page.url]).toEqual([200, expect.stringContaining('/interaction/')]);
    expect(page.body).toContain('type="password"');
    expect(parameterOf(silent, 'error')).toBe('login_required');
  });

  it('S65 open the app gets no code: an error when asked silently, a page otherwise', async () => {
    await signIn(browser, running.issuer, 'dev.patel');
    const silent = await browser.visit(finance.authorizationUrl({ prompt: 'none' }), { follow: false });
    expect(parameterOf(silent, 'error')).toBe('access_denied');
    const page = await browser.visit(finance.authorizationUrl());
    expect(page.url).toContain('/interaction/');
    expect(page.body).toContain('Finance');
    const { rows } = await owner(`SELECT 1 FROM app_sessions.sign_in WHERE client_id = 'finance' AND person_id = $1`, [
      await running.db.personId('dev.patel'),
    ]);
    expect(rows).toEqual([]);
    expect(parameterOf(await browser.visit(serviceDesk.authorizationUrl(), { follow: false }), 'code')).toBeTruthy();
  });
});

describe('what an app may ask', () => {
  it('C40 a choice of account, once', async () => {
    await signIn(browser, running.issuer, 'tomas.reyes');
    const page = await browser.visit(finance.authorizationUrl({ prompt: 'select_account' }));
    const [action] = page.body.match(/\/interaction\/[\w-]+\/continue/) ?? [];
    const [, csrf] = page.body.match(/name="_csrf" value="([^"]+)"/) ?? [];
    const answer = await browser.submit(running.issuer + action, { _csrf: csrf ?? '' }, { follow: false });
    const resumed = await browser.visit(answer.headers.location ?? '', { follow: false });
    expect((await finance.redeem(parameterOf(resumed, 'code'))).status).toBe(200);
  });

  it('S09 a fresh sign-in, once', async () => {
    await signIn(browser, running.issuer, 'tomas.reyes');
    for (const changes of [{ prompt: 'login' }, { max_age: '0' }]) {
      const page = await browser.visit(finance.authorizationUrl(changes));
      expect(page.body).toContain('type="password"');
      const resumed = await submitSignIn(browser, page, 'tomas.reyes');
      expect((await finance.redeem(parameterOf(resumed, 'code'))).status).toBe(200);
    }
  });

  it('S09 an answer without a page, which is login_required when nobody is signed in', async () => {
    const answer = await browser.visit(finance.authorizationUrl({ prompt: 'none' }), { follow: false });
    expect(parameterOf(answer, 'error')).toBe('login_required');
  });
});

it('S90 nothing that the database holds opens anything', async () => {
  await signIn(browser, running.issuer, 'tomas.reyes');
  const code = await finance.codeFor(browser);
  const waiting = await createBrowser().visit(finance.authorizationUrl());
  const id = await sessionCookie();
  const { rows } = await owner(`SELECT encode(id_hash, 'hex') AS hash, s::text AS row FROM protocol.state s`);
  const dump = JSON.stringify(rows);
  for (const secret of [code, id, waiting.url.split('/').at(-1)]) expect(dump).not.toContain(secret);
  expect((await finance.redeem(code)).status).toBe(200);
});

/** Moves every session's beginning and end into the past, as waiting would. */
async function age(interval: string): Promise<void> {
  await owner(
    `UPDATE protocol.state SET payload = payload || jsonb_build_object(
       'loginTs', (payload->>'loginTs')::int - extract(epoch FROM $1::interval)::int,
       'exp', (payload->>'exp')::int - extract(epoch FROM $1::interval)::int)
     WHERE model = 'Session' AND payload ? 'loginTs'`,
    [interval],
  );
}
