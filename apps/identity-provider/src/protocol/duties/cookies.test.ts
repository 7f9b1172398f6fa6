import { createTestDatabase, type TestDatabase } from '@gatehouse/test-kit';
import { createBrowser } from '@gatehouse/test-kit/browser';
import type { Configuration } from 'oidc-provider';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { rawRequest } from '../../../testing/raw-request.ts';
import { type RunningProvider, startProvider } from '../../../testing/start-provider.ts';

const ISSUER = 'https://id.example.org';
const ask = `/auth?${new URLSearchParams({
  client_id: 'launcher',
  response_type: 'none',
  scope: 'openid',
  prompt: 'none',
  redirect_uri: `${ISSUER}/`,
})}`;

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.close());

async function behindProxy(configure?: (ours: Configuration) => Configuration): Promise<RunningProvider> {
  return startProvider({ db, issuer: ISSUER, trustProxy: ['127.0.0.1'], ...(configure && { configure }) });
}

/** The cookie of a session in which somebody signed in `age` seconds ago, by its name and value. */
async function sessionOf({ provider }: RunningProvider, login: string, age = 0): Promise<[string, string]> {
  const session = new provider.Session();
  session.loginAccount({ accountId: await db.personId(login), loginTs: Math.floor(Date.now() / 1000) - age });
  await session.save(3600);
  return [provider.cookieName('session'), session.jti];
}

/** Whether a browser with these cookies is signed in. */
async function isSignedIn(running: RunningProvider, cookie: string): Promise<boolean> {
  const headers = { host: 'id.example.org', 'x-forwarded-proto': 'https', cookie };
  const { location = '' } = (await rawRequest(running, ask, headers)).headers;
  return !location.includes('login_required');
}

describe('duty 8 S18 S19 a sibling site cannot plant a session', () => {
  /**
   * The cookies that a browser sends to the provider after a sibling has set the session cookie for the whole domain.
   */
  async function afterSibling(name: string, value: string): Promise<string> {
    const browser = createBrowser();
    await browser.plant(`${name}=${value}; Domain=example.org; Path=/; Secure`, 'https://finance.example.org/');
    return (await browser.cookies(`${ISSUER}/`)).map((cookie) => cookie.cookieString()).join('; ');
  }

  const asItComes = (ours: Configuration): Configuration => ({ ...ours, cookies: {} });

  it('with the guard, the browser refuses the cookie that a sibling sets', async () => {
    const running = await behindProxy();
    const [name, value] = await sessionOf(running, 'tomas.reyes');
    expect(name).toBe('__Host-gatehouse');
    expect(await afterSibling(name, value)).toBe('');
    await running.stop();
  });

  it('without it, as the library comes, the visitor is signed in as the attacker', async () => {
    const running = await behindProxy(asItComes);
    const planted = await afterSibling(...(await sessionOf(running, 'tomas.reyes')));
    expect(await isSignedIn(running, planted)).toBe(true);
    await running.stop();
  });

  it('with the guard, a cookie that we did not sign is nobody’s', async () => {
    const running = await behindProxy();
    expect(await isSignedIn(running, (await sessionOf(running, 'tomas.reyes')).join('='))).toBe(false);
    await running.stop();
  });
});
