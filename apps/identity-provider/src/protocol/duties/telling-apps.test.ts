import { createBrowser } from '@gatehouse/test-kit/browser';
import { decodeJwt } from 'jose';
import type { Configuration } from 'oidc-provider';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AppElsewhere, startAppElsewhere } from '../../../testing/elsewhere.ts';
import { relyingParty } from '../../../testing/relying-party.ts';
import { signIn } from '../../../testing/sign-in.ts';
import { type RunningProvider, startProvider } from '../../../testing/start-provider.ts';

let running: RunningProvider;
let library: AppElsewhere;
/** The `sid`s of the sessions of whose end the app has heard. */
let heard: unknown[];

beforeAll(async () => {
  running = await startProvider();
  library = await startAppElsewhere(running.db, 'library');
});
afterAll(async () => {
  await running.stop();
  await library.close();
});

describe('duty 3 S58 apps are told of a sign-out from a durable outbox', () => {
  /** Signs somebody in to the app and out of everything. Resolves to the `sid` of which the app has to hear. */
  async function signInAndOut(): Promise<unknown> {
    const browser = createBrowser();
    await signIn(browser, running.issuer, 'grace.lindqvist');
    const app = relyingParty(running, 'library', Number(new URL(library.url).port));
    const { id_token: idToken = '' } = (await (await app.redeem(await app.codeFor(browser))).json()) as {
      id_token?: string;
    };
    const page = await browser.visit(`${running.issuer}/session/end?id_token_hint=${idToken}`);
    const xsrf = /name="xsrf" value="([^"]+)"/.exec(page.body)?.[1];
    if (xsrf) await browser.submit(`${running.issuer}/session/end/confirm`, { xsrf, logout: 'yes' });
    return decodeJwt(idToken).sid;
  }

  /** The app is down at one sign-out, and up at the next. */
  async function downAtTheFirst(): Promise<{ first: unknown; second: unknown }> {
    heard = [];
    const tries = library.tokens.length;
    library.answerWith((res) => res.writeHead(503).end());
    const first = await signInAndOut();
    await expect.poll(() => library.tokens.length, { timeout: 20_000 }).toBeGreaterThan(tries);
    library.answerWith((res) => {
      heard.push(decodeJwt(library.tokens.at(-1) ?? '').sid);
      res.end();
    });
    return { first, second: await signInAndOut() };
  }

  it('with the guard, an app that was down hears of it when it is back', async () => {
    const { first, second } = await downAtTheFirst();
    await expect.poll(() => new Set(heard), { timeout: 20_000 }).toEqual(new Set([first, second]));
  });

  it('without it, where a failed try is forgotten, the app never hears', async () => {
    await running.db.owner.query(`
      CREATE FUNCTION protocol.forget() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS
        'BEGIN DELETE FROM protocol.logout_delivery WHERE id = NEW.id; RETURN NULL; END';
      CREATE TRIGGER forget AFTER UPDATE ON protocol.logout_delivery FOR EACH ROW
        WHEN (NEW.last_error IS NOT NULL) EXECUTE FUNCTION protocol.forget()`);
    const { first, second } = await downAtTheFirst();
    await expect.poll(() => heard, { timeout: 20_000 }).toContain(second);
    const { rows } = await running.db.owner.query('SELECT FROM protocol.logout_delivery WHERE sid = $1', [first]);
    await running.db.owner.query('DROP TRIGGER forget ON protocol.logout_delivery');
    expect(rows).toEqual([]);
    expect(heard).toEqual([second]);
  });
});

describe('duty 4 S60 S85 outgoing calls reach registered addresses and no other inner ones', () => {
  /** Has the provider tell the app at an address, and says whether anything arrived there. */
  async function reaches(uri: string, configure?: (ours: Configuration) => Configuration): Promise<boolean> {
    await running.db.owner.query(
      `UPDATE protocol.client_registration SET metadata = metadata || jsonb_build_object('backchannel_logout_uri', $1::text)
       WHERE client_id = 'library'`,
      [uri],
    );
    library.answerWith((res) => res.end());
    const before = library.tokens.length;
    const teller = await startProvider({ db: running.db, deliver: false, ...(configure && { configure }) });
    try {
      const client = await teller.provider.Client.find('library');
      await (client as unknown as { backchannelLogout(sub: string, sid: string): Promise<void> })
        .backchannelLogout('somebody', 'sid')
        .catch(() => {});
      return library.tokens.length > before;
    } finally {
      await teller.stop();
    }
  }

  const registered = () => `${library.url}/logout`;
  /** The same server by another name, under which nobody registered it. */
  const unregistered = () => registered().replace('localhost', '127.0.0.1');

  it('with the guard, an app on this machine is told where it lives and not elsewhere', async () => {
    expect(await reaches(registered())).toBe(true);
    expect(await reaches(unregistered())).toBe(false);
  });

  it('without it, as the library comes, an app on a private network is never told', async () => {
    const asItComes = ({ fetch: _, ...rest }: Configuration): Configuration => rest;
    expect(await reaches(registered(), asItComes)).toBe(false);
  });

  it('without it, and without the library’s own, any inner address is called', async () => {
    const unguarded = (ours: Configuration): Configuration => ({
      ...ours,
      fetch: (input, { dispatcher: _, ...init }: RequestInit & { dispatcher?: unknown } = {}) => fetch(input, init),
    });
    expect(await reaches(unregistered(), unguarded)).toBe(true);
  });
});
