import {
  changePassword,
  createPasswordHasher,
  disablePerson,
  enablePerson,
  endSessions,
  type SessionSelector,
} from '@gatehouse/accounts';
import { giveConsent, removeClient, revokeConsent } from '@gatehouse/clients';
import { demoPassword } from '@gatehouse/prisma/seed';
import { type Browser, createBrowser } from '@gatehouse/test-kit/browser';
import { decodeJwt } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type AppElsewhere, listenForLogouts } from '../../testing/elsewhere.ts';
import { relyingParty } from '../../testing/relying-party.ts';
import { signIn } from '../../testing/sign-in.ts';
import { type RunningProvider, startProvider } from '../../testing/start-provider.ts';
import { type ThirdParty, thirdParty } from '../../testing/third-party.ts';
import { clean } from './cleaner.ts';

const login = 'adam.whitlock';

let running: RunningProvider;
let listener: AppElsewhere;
let library: ThirdParty;
let adam: string;
let noor: string;

beforeAll(async () => {
  [running, listener] = await Promise.all([startProvider(), listenForLogouts()]);
  adam = await running.db.personId(login);
  noor = await running.db.personId('noor.haddad');
  library = await register('library');
});
beforeEach(() => {
  listener.answerWith((res) => res.end());
  listener.tokens.length = 0;
});
afterAll(async () => {
  await running.stop();
  await listener.close();
});

const register = (client_id: string) =>
  thirdParty(
    running,
    {
      client_id,
      client_uri: listener.url,
      grant_types: ['authorization_code', 'refresh_token'],
      backchannel_logout_uri: `${listener.url}/logout`,
      backchannel_logout_session_required: true,
    },
    login,
  );
const consentAgain = () =>
  giveConsent(running.pool, { personId: adam, clientId: 'library' }, { scopes: ['openid', 'profile'], apiScopes: {} });

interface SignedIn {
  browser: Browser;
  sid: unknown;
  tokens: { access_token: string; refresh_token: string; id_token: string };
}

async function openApp(app = library, browser?: Browser): Promise<SignedIn> {
  const used = browser ?? createBrowser();
  if (!browser) await signIn(used, running.issuer, login);
  const tokens = (await (await app.redeem(await app.codeFor(used))).json()) as SignedIn['tokens'];
  return { browser: used, sid: decodeJwt(tokens.id_token).sid, tokens };
}

const statusAtUserinfo = async ({ tokens }: SignedIn) =>
  (await fetch(`${running.issuer}/me`, { headers: { authorization: `Bearer ${tokens.access_token}` } })).status;
const sidsTold = () => listener.tokens.map((token) => decodeJwt(token).sid);
const sessionOf = async ({ sid }: SignedIn) => {
  const { rows } = await running.db.owner.query('SELECT session_uid FROM app_sessions.sign_in WHERE sid = $1', [sid]);
  return String(rows[0]?.session_uid);
};

describe('P27 a consent that is taken back', () => {
  it('is told to the app for each of its sign-ins, also for a second one within the same session', async () => {
    const first = await openApp();
    const session = await sessionOf(first);
    await revokeConsent(running.pool, { personId: adam, clientId: 'library' });
    await consentAgain();
    const second = await openApp(library, first.browser);
    expect(await sessionOf(second)).toBe(session);
    expect(second.sid).not.toBe(first.sid);
    await revokeConsent(running.pool, { personId: adam, clientId: 'library' });
    await expect.poll(sidsTold, { timeout: 20_000 }).toEqual([first.sid, second.sid]);
  });
});

describe('S76 a client that is removed', () => {
  it('is told of every sign-in that ended with it, though it is unknown by then and its tokens are dead', async () => {
    const museum = await register('museum');
    const [one, two] = [await openApp(museum), await openApp(museum)];
    listener.answerWith((res) => res.writeHead(503).end());
    expect(await removeClient(running.db.owner, 'museum')).toBe(2);
    await expect.poll(() => running.clients.metadataOf('museum')).toBeUndefined();
    expect(await statusAtUserinfo(one)).toBe(401);
    expect((await museum.redeem('any')).status).toBe(401);
    await expect.poll(() => listener.tokens.length, { timeout: 20_000 }).toBeGreaterThan(1);

    listener.answerWith((res) => res.end());
    await expect.poll(undelivered, { timeout: 20_000 }).toBe(0);
    expect(sidsTold()).toEqual(expect.arrayContaining([one.sid, two.sid]));
    expect(decodeJwt(listener.tokens.at(-1) ?? '')).toMatchObject({ iss: running.issuer, aud: 'museum', sub: adam });
  });

  it('keeps no secret while it is being told, and nothing once that is over', async () => {
    const kept = async () =>
      (await running.db.owner.query(`SELECT * FROM protocol.removed_client WHERE client_id = 'museum'`)).rows;
    expect(Object.keys((await kept())[0].metadata)).not.toContain('scope');
    await running.db.owner.query(
      `UPDATE protocol.logout_delivery SET delivered_at = now() - interval '8 days' WHERE client_id = 'museum'`,
    );
    await clean(running.pool);
    expect(await kept()).toEqual([]);
  });

  it('keeps nobody from signing out of a session in which it was opened', async () => {
    const gallery = await register('gallery');
    const { browser } = await openApp(gallery);
    const humanResources = relyingParty(running, 'human-resources', 4002);
    const tokens = (await (
      await humanResources.redeem(await humanResources.codeFor(browser))
    ).json()) as SignedIn['tokens'];
    await removeClient(running.db.owner, 'gallery');
    const receipt = await browser.visit(`${running.issuer}/session/end?id_token_hint=${tokens.id_token}`);
    expect(receipt.status).toBe(200);
    expect(receipt.body).toMatch(/Human Resources[^]*Signed out/);
    expect(receipt.body).not.toContain('gallery');
  });

  it('that is registered again is told itself of what its predecessor was not', async () => {
    const archive = await register('archive');
    const { sid } = await openApp(archive);
    listener.answerWith((res) => res.writeHead(503).end());
    await removeClient(running.db.owner, 'archive');
    await expect.poll(() => listener.tokens.length, { timeout: 20_000 }).toBeGreaterThan(0);
    await register('archive');
    listener.answerWith((res) => res.end());
    await expect.poll(undelivered, { timeout: 20_000 }).toBe(0);
    expect(sidsTold()).toContain(sid);
    expect(
      (await running.db.owner.query('SELECT FROM protocol.removed_client WHERE client_id = $1', ['archive'])).rowCount,
    ).toBe(0);
  });
});

async function undelivered(): Promise<number> {
  const { rows } = await running.db.owner.query<{ count: number }>(
    'SELECT count(*)::int AS count FROM protocol.logout_delivery WHERE delivered_at IS NULL',
  );
  return rows[0]?.count ?? 0;
}

describe('S59 an app elsewhere is told', () => {
  const causes: [string, (signedIn: SignedIn) => Promise<unknown>][] = [
    ['an administrator ends the session', async (signedIn) => end({ sessionUid: await sessionOf(signedIn) })],
    ['the person is signed out everywhere', () => end({ personId: adam })],
    ['the person is disabled', () => disablePerson(running.db.owner, { personId: adam, actorPersonId: noor })],
    ['the person takes their consent back', () => revokeConsent(running.pool, { personId: adam, clientId: 'library' })],
    ['the password is changed in another session', () => changeThePassword()],
  ];

  const end = (which: SessionSelector) =>
    endSessions(running.pool, which, { reason: 'ended_by_administrator', actorPersonId: noor });

  const changeThePassword = async () =>
    changePassword(
      { pool: running.pool, hasher: createPasswordHasher() },
      {
        ...(await running.db.owns(adam)),
        sessionUid: 'another',
        currentPassword: demoPassword,
        newPassword: 'quite another pass phrase',
        address: '203.0.113.7',
      },
    );

  it('when the session runs out', async () => {
    await consentAgain();
    const { sid } = await openApp();
    await running.db.owner.query(
      `UPDATE app_sessions.sign_in SET expires_at = now() - interval '1 second' WHERE sid = $1`,
      [sid],
    );
    await clean(running.pool);
    await expect.poll(sidsTold, { timeout: 20_000 }).toEqual([sid]);
  });

  it.each(causes)('S63d and its tokens are dead when %s', async (_, cause) => {
    await enablePerson(running.db.owner, { personId: adam, actorPersonId: noor });
    await consentAgain();
    const signedIn = await openApp();
    expect(await statusAtUserinfo(signedIn)).toBe(200);
    await cause(signedIn);
    await expect.poll(sidsTold, { timeout: 20_000 }).toContain(signedIn.sid);
    expect(await statusAtUserinfo(signedIn)).toBe(401);
  });
});
