import { randomToken } from '@gatehouse/encryption';
import { createTestDatabase, type TestDatabase } from '@gatehouse/test-kit';
import { type Browser, createBrowser } from '@gatehouse/test-kit/browser';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { relyingParty } from '../../testing/relying-party.ts';
import { signIn } from '../../testing/sign-in.ts';
import { type RunningProvider, startProvider } from '../../testing/start-provider.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.close());

const [old, next] = [randomToken(), randomToken()];

/** Whether a browser is signed in at an instance with these keys. */
async function isSignedInAt(browser: Browser, cookieKeys: string[]): Promise<boolean> {
  const running = await startProvider({ db, deliver: false, cookieKeys });
  const finance = relyingParty(running, 'finance', 4003);
  const answer = await browser.visit(finance.authorizationUrl({ prompt: 'none' }), { follow: false });
  await running.stop();
  return new URL(answer.headers.location ?? '').searchParams.has('code');
}

async function signedIn(cookieKeys: string[]): Promise<Browser> {
  const running: RunningProvider = await startProvider({ db, deliver: false, cookieKeys });
  const browser = createBrowser();
  await signIn(browser, running.issuer, 'tomas.reyes');
  await running.stop();
  return browser;
}

describe('S89 the keys that sign cookies', () => {
  it('change in the documented order while every instance knows every session', async () => {
    const browser = await signedIn([old]);
    // The new key behind the old one, one instance after the other.
    for (const keys of [[old, next], [old], [old, next]]) expect(await isSignedInAt(browser, keys)).toBe(true);
    // The new key in front.
    for (const keys of [
      [next, old],
      [old, next],
      [next, old],
    ])
      expect(await isSignedInAt(browser, keys)).toBe(true);
    // Without the old one, for whoever came by meanwhile: their cookies have been signed anew.
    for (const keys of [[next], [next, old], [next]]) expect(await isSignedInAt(browser, keys)).toBe(true);
  });

  it('let nobody in whose cookie was signed with a key that is gone', async () => {
    const browser = await signedIn([old]);
    expect(await isSignedInAt(browser.clone(), [old])).toBe(true);
    expect(await isSignedInAt(browser, [next])).toBe(false);
  });
});
