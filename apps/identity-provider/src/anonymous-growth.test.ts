import { closeRefusals } from '@gatehouse/audit';
import { createBrowser } from '@gatehouse/test-kit/browser';
import { declaredRoutes } from '@gatehouse/web';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { csrfOf, sendSignIn } from '../testing/pages.ts';
import { relyingParty } from '../testing/relying-party.ts';
import { type RunningProvider, startProvider } from '../testing/start-provider.ts';

let running: RunningProvider;
beforeAll(async () => {
  running = await startProvider();
});
beforeEach(async () => {
  await closeRefusals(running.pool);
  await running.db.owner.query('DELETE FROM credentials.throttle');
});
afterAll(() => running.stop());

const finance = () => relyingParty(running, 'finance', 4003);
const events = async () =>
  (
    await running.db.owner.query<{ type: string; detail: Record<string, unknown>; subject: string | null }>(
      'SELECT type, detail, subject_person_id AS subject FROM audit.event ORDER BY id',
    )
  ).rows;
/** The events that something adds, with the counts that stand at the end of the window. */
const addedBy = async (work: () => Promise<unknown>) => {
  const before = (await events()).length;
  await work();
  await closeRefusals(running.pool);
  return (await events()).slice(before);
};
const times = async (count: number, work: (n: number) => Promise<unknown>) => {
  for (let n = 0; n < count; n++) await work(n);
};

describe('S109 what nobody who is known is refused', () => {
  it('is recorded a few times and then counted: forms without a token', async () => {
    const browser = createBrowser();
    const page = await browser.visit(finance().authorizationUrl());
    const added = await addedBy(() => times(60, () => sendSignIn(browser, page, { _csrf: 'forged' })));
    expect(added).toHaveLength(11);
    expect(added.at(-1)).toMatchObject({ type: 'sign_in.failed', detail: { reason: 'csrf_token_wrong', more: 50 } });
    expect((await sendSignIn(browser, page)).status).toBe(303);
  });

  it('is recorded a few times and then counted: requests of the protocol, and codes that are none', async () => {
    const wrong = (n: number) =>
      createBrowser().visit(finance().authorizationUrl({ redirect_uri: `https://evil.example/${n}` }));
    const noCode = (n: number) =>
      fetch(`${running.issuer}/token`, {
        method: 'POST',
        body: new URLSearchParams({ grant_type: 'authorization_code', client_id: `nobody-${n}`, code: 'x' }),
      });
    expect((await addedBy(() => times(30, wrong))).length).toBeLessThanOrEqual(11);
    expect((await addedBy(() => times(30, noCode))).length).toBeLessThanOrEqual(11);
  });

  it('is recorded a few times and then counted: logins of nobody; failures of a person stand one by one', async () => {
    const browser = createBrowser();
    const page = await browser.visit(finance().authorizationUrl());
    const password = 'wrong wrong wrong';
    const attempt = (n: number) => sendSignIn(browser, page, { login: `nobody.${n}`, password });
    expect(await addedBy(() => times(20, attempt))).toHaveLength(11);
    const grace = await running.db.personId('grace.lindqvist');
    const own = await addedBy(() => times(3, () => sendSignIn(browser, page, { login: 'grace.lindqvist', password })));
    expect(own.map(({ subject }) => subject)).toEqual([grace, grace, grace]);
  });

  it('is counted by place where it is a passkey, and recorded a few times', async () => {
    const browser = createBrowser();
    const page = await browser.visit(finance().authorizationUrl());
    const guess = () =>
      browser.submit(
        `${page.url.split('?')[0]}/passkey`,
        { _csrf: csrfOf(page), response: '{"id":"AAAA"}' },
        { follow: false },
      );
    const statuses: number[] = [];
    const added = await addedBy(() => times(101, async () => statuses.push((await guess()).status)));
    expect([statuses[0], statuses[99], statuses[100]]).toEqual([422, 422, 429]);
    expect(added).toHaveLength(11);
    expect((await sendSignIn(browser, page)).status).toBe(303);
  });
});

describe('S109 what is kept of a request', () => {
  const kept = async () =>
    (
      await running.db.owner.query<{ longest: number }>(
        `SELECT max(length(payload::text))::int AS longest FROM protocol.state WHERE model = 'Interaction'`,
      )
    ).rows[0]?.longest ?? 0;

  it('has a length: what is longer is refused and not kept', async () => {
    const tooLong = await createBrowser().visit(finance().authorizationUrl({ state: 'x'.repeat(4096) }));
    expect(tooLong.status).toBe(414);
    const asLong = await createBrowser().visit(finance().authorizationUrl({ state: 'x'.repeat(2048) }));
    expect(asLong.status).toBe(200);
    expect(await kept()).toBeLessThan(6 * 1024);
    const pushed = (path: string) =>
      fetch(running.issuer + path, {
        method: 'POST',
        body: new URLSearchParams({ client_id: 'nobody', scope: 'x'.repeat(5000) }),
      });
    for (const path of ['/request', '/device/auth']) expect((await pushed(path)).status).toBeGreaterThanOrEqual(400);
  });
});

describe('S109 every route that asks nobody who they are', () => {
  const FREE = /^\/(?:assets|livez|readyz)(?:\/|$)/;
  const endpoints = ['/auth', '/auth/x', '/token', '/token/introspection', '/token/revocation', '/request', '/device']
    .concat(['/device/auth', '/device/x', '/me', '/jwks', '/session/end', '/.well-known/openid-configuration'])
    .map((path) => ({ method: 'get', path }));

  it('has a budget for each place, whatever it is and whichever comes later', async () => {
    const limited = await startProvider({ db: running.db, trustProxy: ['127.0.0.1'], requestsPerMinute: 1 });
    const routes = [...endpoints, ...declaredRoutes(limited.app)].filter(({ path }) => !FREE.test(path));
    expect(routes.length).toBeGreaterThan(40);
    const unlimited = [];
    for (const [index, { method, path }] of routes.entries()) {
      const ask = () =>
        fetch(limited.issuer + path.replace(/:\w+/g, 'x'), {
          method: method.toUpperCase(),
          redirect: 'manual',
          headers: { 'x-forwarded-for': `10.${index}.0.1` },
        });
      const first = (await ask()).status;
      const statuses = await Promise.all(Array.from({ length: 10 }, async () => (await ask()).status));
      if (first === 429 || !statuses.includes(429)) unlimited.push(`${method} ${path}`);
    }
    await limited.stop();
    expect(unlimited).toEqual([]);
  });
});
