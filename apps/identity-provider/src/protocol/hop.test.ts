import { type Browser, createBrowser } from '@gatehouse/test-kit/browser';
import { decodeJwt } from 'jose';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { parameterOf, type RelyingParty, relyingParty } from '../../testing/relying-party.ts';
import { signIn } from '../../testing/sign-in.ts';
import { type RunningProvider, startProvider } from '../../testing/start-provider.ts';
import { statementsOf } from '../../testing/statements.ts';

let running: RunningProvider;
let browser: Browser;
let finance: RelyingParty;
let humanResources: RelyingParty;

beforeAll(async () => {
  running = await startProvider();
  finance = relyingParty(running, 'finance', 4003);
  humanResources = relyingParty(running, 'human-resources', 4002);
});
beforeEach(async () => {
  browser = createBrowser();
  await signIn(browser, running.issuer, 'tomas.reyes');
});
afterAll(() => running.stop());

it('takes four statements of the provider, and no page', async () => {
  const other = createBrowser();
  await signIn(other, running.issuer, 'grace.lindqvist');
  await humanResources.redeem(await humanResources.codeFor(other));

  const statements = await statementsOf(running.pool, async () => {
    const response = await humanResources.redeem(await humanResources.codeFor(browser));
    expect(response.status).toBe(200);
  });
  expect(statements).toEqual(['hop.find_session', 'hop.issue_code', 'hop.find_code', 'hop.redeem_code']);
});

it('costs the browser no new process: only the provider’s pages are isolated, not its redirects', async () => {
  const isolation = ['cross-origin-opener-policy', 'origin-agent-cluster'];
  const hop = await browser.visit(humanResources.authorizationUrl(), { follow: false });
  expect(hop.status).toBe(303);
  expect(hop.headers).not.toHaveProperty(isolation[0] ?? '');
  const signInPage = await createBrowser().visit(humanResources.authorizationUrl());
  expect(isolation.map((name) => signInPage.headers[name])).toEqual(['same-origin', '?1']);
});

it('records both the grant of the code and its redemption', async () => {
  const response = await finance.redeem(await finance.codeFor(browser));
  const { sid } = decodeJwt(((await response.json()) as { id_token: string }).id_token);
  const { rows } = await running.db.owner.query(
    `SELECT e.type FROM audit.event e JOIN app_sessions.sign_in s USING (session_uid, client_id)
     WHERE s.sid = $1 ORDER BY e.id`,
    [sid],
  );
  expect(rows).toEqual([{ type: 'authorization.granted' }, { type: 'grant.issued' }]);
});

it('S25 S57 gives a working code to each of 20 parallel requests of two apps, and sign-out reaches both', async () => {
  const requests = Array.from({ length: 20 }, (_, index) => (index % 2 === 0 ? finance : humanResources));
  const codes = await Promise.all(requests.map((app) => app.codeFor(browser)));
  const responses = await Promise.all(requests.map((app, index) => app.redeem(codes[index] ?? '')));
  expect(responses.map(({ status }) => status)).toEqual(Array(20).fill(200));

  const tokens = (await Promise.all(responses.map((response) => response.json()))) as { id_token: string }[];
  const sids = new Set(tokens.map(({ id_token }) => decodeJwt(id_token).sid));
  expect(sids.size).toBe(2);
  expect(await sessionRows()).toBe(1);

  const hint = tokens[0]?.id_token ?? '';
  await browser.visit(`${running.issuer}/session/end?id_token_hint=${hint}`);
  const { rows } = await running.db.owner.query(
    'SELECT client_id FROM app_sessions.sign_in WHERE sid = ANY($1) AND ended_at IS NOT NULL ORDER BY 1',
    [[...sids]],
  );
  expect(rows).toEqual([{ client_id: 'finance' }, { client_id: 'human-resources' }]);
});

it('does not survive the end of the session between code and token', async () => {
  const first = await finance.redeem(await finance.codeFor(browser));
  const { id_token } = (await first.json()) as { id_token: string };
  const code = await humanResources.codeFor(browser);
  await browser.visit(`${running.issuer}/session/end?id_token_hint=${id_token}`);
  expect(await (await humanResources.redeem(code)).json()).toMatchObject({ error: 'invalid_grant' });
});

it('S52 leaves no way back into a session that ended while a request was on its way', async () => {
  const { id_token } = (await (await finance.redeem(await finance.codeFor(browser))).json()) as { id_token: string };
  const held = await running.db.owner.connect();
  await held.query('BEGIN');
  await held.query(`UPDATE protocol.state SET ended_at = now() WHERE model = 'Session' AND ended_at IS NULL`);
  const late = browser.clone().visit(humanResources.authorizationUrl(), { follow: false });
  await untilWaiting();
  await held.query('COMMIT');
  held.release();
  expect(parameterOf(await late, 'error')).toBe('login_required');
  const { rows } = await running.db.owner.query(
    `SELECT 1 FROM app_sessions.sign_in s JOIN app_sessions.sign_in f USING (session_uid)
     WHERE f.sid = $1 AND s.client_id = 'human-resources'`,
    [decodeJwt(id_token).sid],
  );
  expect(rows).toEqual([]);
});

async function sessionRows(): Promise<number> {
  const { rows } = await running.db.owner.query<{ count: number }>(
    `SELECT count(*)::int AS count FROM protocol.state s
     WHERE model = 'Session' AND uid = (SELECT session_uid FROM app_sessions.sign_in ORDER BY started_at DESC LIMIT 1)`,
  );
  return rows[0]?.count ?? 0;
}

/** Until the provider's statement waits for the row that this test holds. */
async function untilWaiting(): Promise<void> {
  await expect.poll(() => running.db.waitingForLocks()).toBeGreaterThan(0);
}
