import { type Browser, createBrowser } from '@gatehouse/test-kit/browser';
import { createTestProvider, type TestProvider } from '@gatehouse/test-kit/provider';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { memoryStore } from './memory-store.ts';
import type { AuthStore, SessionData } from './store.ts';
import { createTestApp, type TestApp } from './test-app.ts';

/** As a session store is that keeps no index of `sid`s: it finds nothing to end. */
const withoutIndex = (): AuthStore => ({ ...memoryStore(), async endSessions() {} });

/** As session stores are: what has ended is just not there, and saving puts it there. */
function withoutTombstones(): AuthStore {
  const store = memoryStore();
  const stored = new Map<string, SessionData>();
  return {
    ...store,
    insertSession(id, data) {
      stored.set(id, data);
      return store.insertSession(id, data);
    },
    async updateSession(id, data) {
      if (await store.loadSession(id)) await store.updateSession(id, data);
      else await store.insertSession(id, data);
    },
    async endSessions({ sid }) {
      for (const [id, { signIn }] of stored) if (signIn.sid === sid) await store.removeSession(id);
    },
  };
}

let provider: TestProvider;
let sid: string;
beforeEach(async () => {
  provider = await createTestProvider({ person: { sub: 'person-1', name: 'Ada Park' } });
  provider.hooks.onSignIn = async (signIn) => {
    sid = signIn.sid;
  };
});
afterEach(() => provider.close());

/** Runs a story with an app of this store, and says whether the browser is signed in to it at the end. */
async function staysIn(
  store: AuthStore,
  story: (browser: Browser, app: TestApp) => Promise<unknown>,
): Promise<boolean> {
  const app = await createTestApp(provider, {
    store,
    routes: (express) =>
      express.get('/busy', async (req, res) => {
        await signOut(app);
        Object.assign(req.session, { note: 'saved after the sign-out' });
        res.end();
      }),
  });
  try {
    const browser = createBrowser();
    await story(browser, app);
    return (await browser.fetch(app.url)).status === 200;
  } finally {
    await app.close();
  }
}

/** The provider tells the app that the session has ended. */
async function signOut(app: TestApp): Promise<void> {
  const token = await provider.logoutToken('finance', { sub: 'person-1', sid });
  const answer = await createBrowser().submit(`${app.url}/auth/backchannel-logout`, { logout_token: token });
  expect(answer.status).toBe(200);
}

const isToldAfterwards = async (browser: Browser, app: TestApp) => {
  await browser.visit(app.url);
  await signOut(app);
};
const isToldWhileItWorks = async (browser: Browser, app: TestApp) => {
  await browser.visit(app.url);
  await browser.visit(`${app.url}/busy`);
};
const isToldDuringSignIn = async (browser: Browser, app: TestApp) => {
  provider.hooks.onExchange = async (signIn) => {
    ({ sid } = signIn);
    await signOut(app);
  };
  await browser.visit(app.url);
};

describe('duty 5 an app knows which sessions a sid means, and remembers which have ended', () => {
  it.each([
    ['S62 the session that a logout token names', isToldAfterwards],
    ['S52 a session whose request was in flight', isToldWhileItWorks],
    ['S63 a session whose logout token came before it', isToldDuringSignIn],
  ])('%s is over, with the guard', async (_, story) => {
    expect(await staysIn(memoryStore(), story)).toBe(false);
  });

  it.each([
    ['S62 the session that a logout token names', withoutIndex, isToldAfterwards],
    ['S52 a session whose request was in flight', withoutTombstones, isToldWhileItWorks],
    ['S63 a session whose logout token came before it', withoutTombstones, isToldDuringSignIn],
  ])('%s goes on, without it', async (_, store, story) => {
    expect(await staysIn(store(), story)).toBe(true);
  });
});
