import { disablePerson } from '@gatehouse/accounts';
import { createTestDatabase, type TestDatabase } from '@gatehouse/test-kit';
import { createBrowser } from '@gatehouse/test-kit/browser';
import { type Configuration, interactionPolicy } from 'oidc-provider';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { relyingParty } from '../../../testing/relying-party.ts';
import { signIn } from '../../../testing/sign-in.ts';
import { startProvider } from '../../../testing/start-provider.ts';

let db: TestDatabase;
let tomas: string;
beforeAll(async () => {
  db = await createTestDatabase();
  tomas = await db.personId('tomas.reyes');
});
afterAll(() => db.close());

interface Setup {
  disable(): Promise<unknown>;
  configure?(ours: Configuration): Configuration;
}

/** What is left to somebody who was disabled while signed in. */
async function leftTo({ disable, configure }: Setup) {
  const running = await startProvider({ db, ...(configure && { configure }) });
  try {
    const browser = createBrowser();
    await signIn(browser, running.issuer, 'tomas.reyes');
    const finance = relyingParty(running, 'finance', 4003);
    const { access_token: accessToken } = (await (await finance.redeem(await finance.codeFor(browser))).json()) as {
      access_token: string;
    };
    const unused = await finance.codeFor(browser);
    await disable();
    const me = await fetch(`${running.issuer}/me`, { headers: { authorization: `Bearer ${accessToken}` } });
    const redeemed = await finance.redeem(unused);
    const silent = await browser.visit(finance.authorizationUrl({ prompt: 'none' }), { follow: false });
    const { location = '' } = silent.headers;
    return {
      token: me.status,
      code: redeemed.status,
      silently:
        /[?&](?:error=(?<error>\w+)|code=)/.exec(location)?.groups?.error ?? (location ? 'a code' : silent.status),
    };
  } finally {
    await db.owner.query(`UPDATE directory.person SET status = 'active', disabled_at = NULL WHERE id = $1`, [tomas]);
    await running.stop();
  }
}

const mark = () => db.owner.query(`UPDATE directory.person SET status = 'disabled' WHERE id = $1`, [tomas]);

describe('duty 6 S72 S73 whoever is disabled is out of everything', () => {
  it('with the guard, one transaction ends sessions, tokens and codes', async () => {
    const disable = async () =>
      disablePerson(db.owner, { personId: tomas, actorPersonId: await db.personId('noor.haddad') });
    expect(await leftTo({ disable })).toEqual({ token: 401, code: 400, silently: 'login_required' });
  });

  it('with the guard, every use asks for the status, even where somebody only changed that', async () => {
    expect(await leftTo({ disable: mark })).toEqual({ token: 401, code: 400, silently: 'login_required' });
  });

  it('without it, where the status is a mark that the library is not told of, all goes on', async () => {
    const configure = (ours: Configuration): Configuration => ({
      ...ours,
      findAccount: (_ctx, sub) => ({ accountId: sub, claims: () => ({ sub }) }),
      interactions: { ...ours.interactions, policy: interactionPolicy.base() },
    });
    expect(await leftTo({ disable: mark, configure })).toEqual({ token: 200, code: 200, silently: 'a code' });
  });

  it('without the check in the sign-in prompt, they meet a failure instead of the sign-in form', async () => {
    const configure = (ours: Configuration): Configuration => ({
      ...ours,
      interactions: { ...ours.interactions, policy: interactionPolicy.base() },
    });
    expect(await leftTo({ disable: mark, configure })).toMatchObject({ silently: 500 });
  });
});
