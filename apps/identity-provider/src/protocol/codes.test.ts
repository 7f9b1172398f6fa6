import { type Browser, createBrowser } from '@gatehouse/test-kit/browser';
import { decodeJwt } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RelyingParty, relyingParty } from '../../testing/relying-party.ts';
import { signIn } from '../../testing/sign-in.ts';
import { type RunningProvider, startProvider } from '../../testing/start-provider.ts';

interface Tokens {
  access_token: string;
  id_token: string;
}

let running: RunningProvider;
let twin: RunningProvider;
let browser: Browser;
let finance: RelyingParty;
let humanResources: RelyingParty;

beforeAll(async () => {
  running = await startProvider();
  twin = await startProvider({ db: running.db, issuer: running.issuer, trustProxy: ['127.0.0.1'] });
  browser = createBrowser();
  await signIn(browser, running.issuer, 'grace.lindqvist');
  finance = relyingParty(running, 'finance', 4003);
  humanResources = relyingParty(running, 'human-resources', 4002);
});
afterAll(async () => {
  await twin.stop();
  await running.stop();
});

const userinfo = (token: string) => fetch(`${running.issuer}/me`, { headers: { authorization: `Bearer ${token}` } });

describe('a code', () => {
  it('redeems for an ID token of the person, with the sid of the sign-in', async () => {
    const response = await finance.redeem(await finance.codeFor(browser));
    const tokens = (await response.json()) as Tokens;
    expect(response.status).toBe(200);
    const claims = decodeJwt(tokens.id_token);
    const { rows } = await running.db.owner.query(
      `SELECT sid FROM app_sessions.sign_in WHERE client_id = 'finance' AND person_id = $1 AND ended_at IS NULL`,
      [claims.sub],
    );
    expect(claims).toMatchObject({ sub: await running.db.personId('grace.lindqvist'), nonce: 'the-nonce' });
    expect(rows).toEqual([{ sid: claims.sid }]);
  });

  it('S11 redeems once out of 50 at a time, on two instances, and never fails otherwise', async () => {
    for (let round = 0; round < 4; round++) {
      const code = await finance.codeFor(browser);
      const there = relyingPartyOn(twin);
      const attempts = Array.from({ length: 50 }, (_, index) => (index % 2 ? finance : there).redeem(code));
      const statuses = (await Promise.all(attempts)).map(({ status }) => status);
      expect(statuses.filter((status) => status === 200)).toHaveLength(1);
      expect(statuses.filter((status) => status === 400)).toHaveLength(49);
    }
  });

  it('S12 ends its grant when it is used again: the tokens are dead and so is the app session', async () => {
    const code = await finance.codeFor(browser);
    const tokens = (await (await finance.redeem(code)).json()) as Tokens;
    expect((await userinfo(tokens.access_token)).status).toBe(200);
    const again = await finance.redeem(code);
    expect([again.status, await again.json()]).toMatchObject([400, { error: 'invalid_grant' }]);
    expect((await userinfo(tokens.access_token)).status).toBe(401);
    expect(await isLive(decodeJwt(tokens.id_token).sid)).toBe(false);

    const next = (await (await finance.redeem(await finance.codeFor(browser))).json()) as Tokens;
    expect((await userinfo(next.access_token)).status).toBe(200);
    expect(await isLive(decodeJwt(next.id_token).sid)).toBe(true);
  });

  it.each<[string, { client?: string } & Record<string, string | undefined>, string]>([
    ['another client', { client: 'human-resources' }, 'invalid_grant'],
    ['another redirect_uri', { redirect_uri: 'http://localhost:4003/' }, 'invalid_grant'],
    ['a wrong secret', { secret: 'wrong' }, 'invalid_client'],
    ['S05 no code_verifier', { code_verifier: undefined }, 'invalid_grant'],
    ['S05 a wrong code_verifier', { code_verifier: 'x'.repeat(43) }, 'invalid_grant'],
  ])('S13 is refused with %s, and is still good for its own client', async (_, { client, ...changes }, error) => {
    const code = await finance.codeFor(browser);
    const app = client ? humanResources : finance;
    expect(await (await app.redeem(code, changes)).json()).toMatchObject({ error });
    expect((await finance.redeem(code)).status).toBe(200);
  });

  it('S05 that was issued without a challenge is never issued', async () => {
    const answer = await browser.visit(
      finance.authorizationUrl({ code_challenge: undefined, code_challenge_method: undefined }),
      { follow: false },
    );
    expect(answer.headers.location).toContain('error=invalid_request');
  });

  it('S17 is refused once it has expired, whether or not the cleaner runs', async () => {
    const code = await finance.codeFor(browser);
    await running.db.owner.query(
      `UPDATE protocol.state SET payload = jsonb_set(payload, '{exp}', to_jsonb(extract(epoch FROM now())::int - 1))
       WHERE model = 'AuthorizationCode' AND consumed_at IS NULL`,
    );
    expect(await (await finance.redeem(code)).json()).toMatchObject({ error: 'invalid_grant' });
  });

  it('S16b is not an access token, nor the other way round', async () => {
    const code = await finance.codeFor(browser);
    expect((await userinfo(code)).status).toBe(401);
    const { access_token } = (await (await finance.redeem(code)).json()) as Tokens;
    expect(await (await finance.redeem(access_token)).json()).toMatchObject({ error: 'invalid_grant' });
  });

  it('S16b is not the id of a session, a sign-in, a grant or an interaction either', async () => {
    const code = await finance.codeFor(browser);
    const page = await createBrowser().visit(finance.authorizationUrl());
    const { rows } = await running.db.owner.query<{ sid: string; grantId: string; sessionUid: string }>(
      `SELECT sid, grant_id AS "grantId", session_uid AS "sessionUid" FROM app_sessions.sign_in
       WHERE client_id = 'finance' AND ended_at IS NULL`,
    );
    const cookie = (await browser.cookies(running.issuer)).find(({ key }) => key === 'gatehouse')?.value;
    const { sid, grantId, sessionUid } = rows[0] ?? expect.fail('there is a sign-in');
    for (const id of [sid, grantId, sessionUid, cookie, page.url.split('/').at(-1)]) {
      const answer = await finance.redeem(id ?? expect.fail('there is an id'));
      expect([answer.status, await answer.json()]).toMatchObject([400, { error: 'invalid_grant' }]);
    }
    expect((await finance.redeem(code)).status).toBe(200);
  });
});

describe('an access token', () => {
  it.each([
    ['S16c cut short', (token: string) => token.slice(0, -2)],
    ['S16c made longer', (token: string) => `${token}xx`],
    ['S16c in other case', (token: string) => token.toUpperCase()],
  ])('%s is refused', async (_, change) => {
    const { access_token } = (await (await finance.redeem(await finance.codeFor(browser))).json()) as Tokens;
    expect((await userinfo(change(access_token))).status).toBe(401);
    expect((await userinfo(access_token)).status).toBe(200);
  });

  it('S17c is refused in the address', async () => {
    const { access_token } = (await (await finance.redeem(await finance.codeFor(browser))).json()) as Tokens;
    expect((await fetch(`${running.issuer}/me?access_token=${access_token}`)).status).toBe(400);
  });

  it('S68 tells another client nothing when it introspects', async () => {
    const { access_token } = (await (await finance.redeem(await finance.codeFor(browser))).json()) as Tokens;
    expect(await introspect('finance', access_token)).toMatchObject({ active: true });
    expect(await introspect('human-resources', access_token)).toEqual({ active: false });
  });
});

async function introspect(clientId: string, token: string): Promise<unknown> {
  const credentials = Buffer.from(`${clientId}:${running.db.clientSecret(clientId)}`).toString('base64');
  const response = await fetch(`${running.issuer}/token/introspection`, {
    method: 'POST',
    headers: { authorization: `Basic ${credentials}` },
    body: new URLSearchParams({ token }),
  });
  return response.json();
}

async function isLive(sid: unknown): Promise<boolean> {
  const live = 'SELECT FROM app_sessions.sign_in WHERE sid = $1 AND ended_at IS NULL AND expires_at > now()';
  return (await running.db.owner.query(live, [sid])).rowCount === 1;
}

/** The same app, talking to the other instance behind the balancer. */
function relyingPartyOn(instance: RunningProvider): RelyingParty {
  return relyingParty(instance, 'finance', 4003, { 'x-forwarded-host': new URL(running.issuer).host });
}
