import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { endSessions } from '@gatehouse/accounts';
import { createTestDatabase, type TestDatabase } from '@gatehouse/test-kit';
import { type Browser, createBrowser } from '@gatehouse/test-kit/browser';
import { decodeJwt } from 'jose';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startAppElsewhere } from '../testing/elsewhere.ts';
import { sendSignIn, titleOf } from '../testing/pages.ts';
import { relyingParty } from '../testing/relying-party.ts';
import { signIn } from '../testing/sign-in.ts';
import { type RunningProvider, startProvider } from '../testing/start-provider.ts';
import type { Customisation } from './customisation.ts';

let db: TestDatabase;
let running: RunningProvider | undefined;
let browser: Browser;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterEach(() => running?.stop());
afterAll(() => db.close());

/** A provider with something of an organisation's own, at which somebody is signed in. */
async function start(own: Partial<Customisation>): Promise<RunningProvider> {
  running = await startProvider({ db, customisation: own });
  browser = createBrowser();
  await signIn(browser, running.issuer, 'tomas.reyes');
  return running;
}

describe('P17 hooks on the ID token', () => {
  const redeem = async (provider: RunningProvider) => {
    const finance = relyingParty(provider, 'finance', 4003);
    const answer = await finance.redeem(await finance.codeFor(browser));
    return { status: answer.status, ...((await answer.json()) as { id_token?: string; error?: string }) };
  };

  it('run in order, each seeing what those before it added, and change nothing that the token says', async () => {
    const provider = await start({
      idTokenHooks: [
        ({ clientId }) => ({ building: `${clientId} house`, sub: 'somebody else', aud: 'another' }),
        async ({ claims }) => ({ address_line: `${claims.building}, 2nd floor` }),
      ],
    });
    const claims = decodeJwt((await redeem(provider)).id_token ?? '');
    expect(claims).toMatchObject({
      building: 'finance house',
      address_line: 'finance house, 2nd floor',
      sub: await db.personId('tomas.reyes'),
      aud: 'finance',
    });
  });

  it('say nothing in logout tokens', async () => {
    const library = await startAppElsewhere(db, 'library');
    const provider = await start({ idTokenHooks: [() => ({ building: 'Custom House' })] });
    const app = relyingParty(provider, 'library', Number(new URL(library.url).port));
    const tokens = (await (await app.redeem(await app.codeFor(browser))).json()) as { id_token: string };
    expect(decodeJwt(tokens.id_token)).toMatchObject({ building: 'Custom House' });
    await endSessions(db.owner, { personId: await db.personId('tomas.reyes') }, { reason: 'signed_out' });
    await expect.poll(() => library.tokens.length, { timeout: 20_000 }).toBe(1);
    expect(decodeJwt(library.tokens[0] ?? '')).not.toHaveProperty('building');
    await library.close();
  });

  it('fail closed: where one throws there is no token, and the audit knows', async () => {
    let broken = false;
    const provider = await start({
      idTokenHooks: [
        () => {
          if (broken) throw new Error('the building register is away');
          return {};
        },
      ],
    });
    expect((await redeem(provider)).status).toBe(200);
    broken = true;
    const refused = await redeem(provider);
    expect(refused).toMatchObject({ status: 500, error: 'server_error' });
    expect(refused.id_token).toBeUndefined();
    const events = async () =>
      (await db.owner.query(`SELECT detail->>'message' AS message FROM audit.event WHERE type = 'provider.error'`))
        .rows;
    await expect.poll(events).toEqual([{ message: 'the building register is away' }]);
  });
});

describe('P30 hooks at sign-out', () => {
  const liveSessions = async (uid: string) =>
    (
      await db.owner.query(`SELECT FROM protocol.state WHERE model = 'Session' AND uid = $1 AND ended_at IS NULL`, [
        uid,
      ])
    ).rowCount;

  const confirm = async ({ issuer }: RunningProvider) => {
    const page = await browser.visit(`${issuer}/session/end`);
    const xsrf = /name="xsrf" value="([^"]+)"/.exec(page.body)?.[1] ?? '';
    const send = (who: Browser) => who.submit(`${issuer}/session/end/confirm`, { xsrf, logout: 'yes' });
    return (await Promise.all([browser, browser.clone(), browser.clone()].map(send))).map(titleOf);
  };

  it('run once, in order, while the session still lives, however often the form is sent', async () => {
    const calls: unknown[] = [];
    const provider = await start({
      signOutHooks: [
        async ({ personId, sessionUid }) => void calls.push(['first', personId, await liveSessions(sessionUid)]),
        () => void calls.push('second'),
      ],
    });
    await confirm(provider);
    expect(calls).toEqual([['first', await db.personId('tomas.reyes'), 1], 'second']);
    expect(await confirm(provider)).not.toContain('Sign out?');
    expect(calls).toHaveLength(2);
  });

  it('keep nobody signed in by failing', async () => {
    let session = '';
    const provider = await start({
      signOutHooks: [
        ({ sessionUid }) => {
          session = sessionUid;
          throw new Error('no');
        },
      ],
    });
    await confirm(provider);
    expect(session).not.toBe('');
    expect(await liveSessions(session)).toBe(0);
  });
});

describe('P48 the sign-in page', () => {
  it('can be replaced by a view of the same name, and the rest stays', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'views-'));
    mkdirSync(join(folder, 'interaction'));
    writeFileSync(
      join(folder, 'interaction', 'sign-in.ejs'),
      `<%- include('layout/plain-top') %><p>Welcome to the harbour.</p>
       <form method="post" action="/interaction/<%= interaction.uid %>/sign-in"><%- include('partials/csrf') %>
       <input name="login" value="<%= values.login %>"><input name="password" type="password"></form>
       <%- include('layout/plain-bottom') %>`,
    );
    const provider = await start({ views: [folder] });
    const finance = relyingParty(provider, 'finance', 4003);
    const visitor = createBrowser();
    const page = await visitor.visit(finance.authorizationUrl({ login_hint: 'tomas.reyes' }));
    expect(page.body).toContain('Welcome to the harbour.');
    expect((await sendSignIn(visitor, page, { password: 'wrong' })).body).toContain('Welcome to the harbour.');
    expect((await sendSignIn(visitor, page)).status).toBe(303);
    expect(titleOf(await visitor.visit(`${provider.issuer}/nowhere`))).toBe('Page not found');
    rmSync(folder, { recursive: true });
  });
});
