import { createBrowser } from '@gatehouse/test-kit/browser';
import { decodeJwt, decodeProtectedHeader } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AppElsewhere, startAppElsewhere } from '../../testing/elsewhere.ts';
import { relyingParty } from '../../testing/relying-party.ts';
import { signIn } from '../../testing/sign-in.ts';
import { type RunningProvider, startProvider } from '../../testing/start-provider.ts';

let running: RunningProvider;
const apps: Record<string, AppElsewhere> = {};

beforeAll(async () => {
  running = await startProvider();
  for (const name of ['library', 'parking', 'museum']) apps[name] = await startAppElsewhere(running.db, name);
});
afterAll(async () => {
  await running.stop();
  await Promise.all(Object.values(apps).map((app) => app.close()));
});

const app = (name: string): AppElsewhere => apps[name] as AppElsewhere;

/** Signs a person in to these apps and, in the same browser, out of everything. Resolves to the milliseconds that took. */
async function signInAndOut(names: string[], provider = running): Promise<number> {
  const browser = createBrowser();
  await signIn(browser, provider.issuer, 'grace.lindqvist');
  let idToken = '';
  for (const name of names) {
    const client = relyingParty(provider, name, Number(new URL(app(name).url).port));
    const response = await client.redeem(await client.codeFor(browser));
    idToken = ((await response.json()) as { id_token: string }).id_token;
  }
  const before = performance.now();
  const receipt = await browser.visit(`${provider.issuer}/session/end?id_token_hint=${idToken}`);
  expect(receipt.body).toContain('Being told');
  return performance.now() - before;
}

const delivery = async (name: string) => {
  const { rows } = await running.db.owner.query(
    `SELECT delivered_at IS NOT NULL AS delivered, attempts, last_error AS error FROM protocol.logout_delivery
     WHERE client_id = $1 ORDER BY created_at DESC LIMIT 1`,
    [name],
  );
  return rows[0] as { delivered: boolean; attempts: number; error: string | null } | undefined;
};

describe('an app elsewhere', () => {
  it('S56 S60 is told at its own address of the end of its session, though that is on this machine', async () => {
    const sub = await running.db.personId('grace.lindqvist');
    await signInAndOut(['library']);
    await expect.poll(() => app('library').tokens.length, { timeout: 20_000 }).toBe(1);
    const [token = ''] = app('library').tokens;
    const claims = decodeJwt(token);
    expect(decodeProtectedHeader(token)).toMatchObject({ alg: 'ES256', typ: 'logout+jwt' });
    expect(claims).toMatchObject({
      iss: running.issuer,
      aud: 'library',
      sub,
      sid: expect.any(String),
      jti: expect.any(String),
    });
    expect(claims.events).toEqual({ 'http://schemas.openid.net/event/backchannel-logout': {} });
    expect(claims.nonce).toBeUndefined();
    await expect.poll(() => delivery('library')).toMatchObject({ delivered: true, attempts: 1 });
  });

  it('S58 that hangs, fails or redirects keeps neither the person nor the others waiting', async () => {
    let elsewhere = 0;
    app('library').answerWith(() => undefined);
    app('parking').answerWith((res) => res.writeHead(302, { location: `${app('museum').url}/elsewhere` }).end());
    app('museum').answerWith((res, req) => {
      elsewhere += Number(req.url === '/elsewhere');
      res.end();
    });
    const told = app('museum').tokens.length;
    const milliseconds = await signInAndOut(['library', 'parking', 'museum']);
    expect(milliseconds).toBeLessThan(3000);
    await expect.poll(() => app('museum').tokens.length, { timeout: 20_000 }).toBe(told + 1);
    await expect.poll(async () => (await delivery('parking'))?.error, { timeout: 20_000 }).toContain('302');
    expect(elsewhere).toBe(0);

    app('parking').answerWith((res) => res.end());
    app('library').answerWith((res) => res.end());
    await expect.poll(async () => (await delivery('parking'))?.delivered, { timeout: 40_000 }).toBe(true);
    await expect.poll(async () => (await delivery('library'))?.delivered, { timeout: 40_000 }).toBe(true);
    const attempts = app('parking')
      .tokens.slice(-2)
      .map((token) => decodeJwt(token).jti);
    expect(new Set(attempts).size).toBe(2);
  });

  it('S85 is not told at an address of this machine where it does not live', async () => {
    const listenAt = (uri: string) =>
      running.db.owner.query(
        `UPDATE protocol.client_registration SET metadata = metadata || jsonb_build_object('backchannel_logout_uri', $1::text)
         WHERE client_id = 'museum'`,
        [uri],
      );
    await listenAt(app('museum').url.replace('localhost', '127.0.0.1'));
    const told = app('museum').tokens.length;
    await signInAndOut(['museum']);
    await expect.poll(async () => (await delivery('museum'))?.error, { timeout: 40_000 }).toBeTruthy();
    expect(app('museum').tokens).toHaveLength(told);
    await listenAt(`${app('museum').url}/logout`);
    await expect.poll(async () => (await delivery('museum'))?.delivered, { timeout: 40_000 }).toBe(true);
  });

  it('is told once, however many instances of the provider run', async () => {
    const twin = await startProvider({ db: running.db, issuer: running.issuer });
    const before = app('parking').tokens.length;
    for (let round = 0; round < 5; round++) await signInAndOut(['parking']);
    await expect.poll(undelivered, { timeout: 40_000 }).toBe(0);
    expect(app('parking').tokens).toHaveLength(before + 5);
    await twin.stop();
  });

  it('F03 F09 is told after a restart of what happened while nobody could tell it', async () => {
    const silent = await startProvider({ db: running.db, deliver: false });
    const before = app('parking').tokens.length;
    await running.db.owner.query('ALTER TABLE protocol.logout_delivery DISABLE TRIGGER announce_logout');
    await signInAndOut(['parking'], silent);
    await silent.stop();
    // As an instance leaves it that died while it was telling the app.
    await running.db.owner.query(
      `UPDATE protocol.logout_delivery SET locked_until = now() - interval '1 second', attempts = 1 WHERE delivered_at IS NULL`,
    );
    await running.db.owner.query('ALTER TABLE protocol.logout_delivery ENABLE TRIGGER announce_logout');
    const restarted = await startProvider({ db: running.db, issuer: running.issuer });
    await expect.poll(undelivered, { timeout: 40_000 }).toBe(0);
    expect(app('parking').tokens).toHaveLength(before + 1);
    await restarted.stop();
  });
});

async function undelivered(): Promise<number> {
  const { rows } = await running.db.owner.query<{ count: number }>(
    'SELECT count(*)::int AS count FROM protocol.logout_delivery WHERE delivered_at IS NULL',
  );
  return rows[0]?.count ?? 0;
}
