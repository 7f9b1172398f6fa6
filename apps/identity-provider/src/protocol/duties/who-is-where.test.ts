import { createTestDatabase, type TestDatabase } from '@gatehouse/test-kit';
import { createBrowser } from '@gatehouse/test-kit/browser';
import type { Adapter, AdapterFactory, AdapterPayload, Configuration } from 'oidc-provider';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createBarrier } from '../../../testing/barrier.ts';
import { relyingParty } from '../../../testing/relying-party.ts';
import { signIn } from '../../../testing/sign-in.ts';
import { startProvider } from '../../../testing/start-provider.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.close());

/** Keeps who is signed in where as the library does: in the session's blob, which each request writes whole. */
function inTheBlob(ours: Adapter): Adapter {
  const listed = new Map<string, AdapterPayload['authorizations']>();
  const { find, upsert } = ours;
  return Object.assign(ours, {
    async upsert(id: string, payload: AdapterPayload, expiresIn: number) {
      await upsert.call(ours, id, payload, expiresIn);
      listed.set(String(payload.uid), structuredClone(payload.authorizations));
    },
    async find(id: string) {
      const session = await find.call(ours, id);
      return session && { ...session, authorizations: structuredClone(listed.get(String(session.uid))) };
    },
  });
}

/**
 * The apps that a sign-out would reach, after somebody has entered three of them in parallel: all three requests have
 * read the session before any writes it.
 */
async function reachedBySignOut(keep: (ours: Adapter) => Adapter): Promise<string[]> {
  let afterReading = async () => {};
  let sessions: Adapter | undefined;
  const configure = (ours: Configuration): Configuration => ({
    ...ours,
    adapter: (model: string) => {
      const adapter = (ours.adapter as AdapterFactory)(model);
      if (model !== 'Session') return adapter;
      sessions = keep(adapter);
      const { find } = sessions;
      return Object.assign(sessions, {
        async find(id: string) {
          const found = await find.call(sessions, id);
          await afterReading();
          return found;
        },
      });
    },
  });
  const running = await startProvider({ db, configure });
  try {
    const browser = createBrowser();
    await signIn(browser, running.issuer, 'tomas.reyes');
    const apps = [
      relyingParty(running, 'finance', 4003),
      relyingParty(running, 'human-resources', 4002),
      relyingParty(running, 'service-desk', 4004),
    ];
    afterReading = createBarrier(apps.length);
    await Promise.all(apps.map((app) => app.codeFor(browser)));
    afterReading = async () => {};
    const [cookie] = (await browser.cookies(running.issuer)).filter(({ key }) => key === 'gatehouse');
    const session = await sessions?.find(cookie?.value ?? '');
    const known = Object.keys(session?.authorizations ?? {});
    return apps.map(({ clientId }) => clientId).filter((clientId) => known.includes(clientId));
  } finally {
    await running.stop();
  }
}

describe('duty 2 S25 S57 who is signed in where is a table of our own', () => {
  it('with the guard, every app that was entered in parallel is known at sign-out', async () => {
    expect(await reachedBySignOut((ours) => ours)).toEqual(['finance', 'human-resources', 'service-desk']);
  });

  it('without it, where the session’s blob keeps the list, two of the three are forgotten', async () => {
    expect(await reachedBySignOut(inTheBlob)).toHaveLength(1);
  });
});
