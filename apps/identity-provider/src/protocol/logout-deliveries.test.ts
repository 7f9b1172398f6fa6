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

/**
 * Signs a person in to these apps and, in the same browser, out of everything. Resolves to the milliseconds that took.
 */
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
  it('S56 S60 D5 is told at its own address of the end of its session, though that is on this machine', async () => {
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

  it('S58 of which one in fifty hangs: the others are told within a second, and the browser waits for none', async () => {
    const listener = await startAppElsewhere(running.db, 'fifty');
    listener.answerWith((res, req) => (req.url === '/25' ? undefined : res.end()));
    await running.db.owner.query(
      `INSERT INTO protocol.client_registration (client_id, metadata, shares_database)
       SELECT 'fifty-' || n, jsonb_build_object('backchannel_logout_uri', $1 || '/' || n), false FROM generate_series(1, 50) n`,
      [listener.url],
    );
    // The machine may have other work: the fastest of three counts.
    const rounds = [await signOutOfFifty(), await signOutOfFifty(), await signOutOfFifty()];
    expect(Math.min(...rounds.map(({ answered }) => answered))).toBeLessThan(1000);
    expect(Math.min(...rounds.map(({ lastTold }) => lastTold))).toBeLessThan(1000);
    await running.db.owner.query(`DELETE FROM protocol.logout_delivery WHERE client_id LIKE 'fifty-%'`);
    await listener.close();
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

  it('S58 is told once, however many instances of the provider run', async () => {
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

/**
 * Resolves, once all but the one that hangs have been told, to the milliseconds that the browser and the last one
 * waited.
 */
async function signOutOfFifty(): Promise<{ answered: number; lastTold: number }> {
  const browser = createBrowser();
  await signIn(browser, running.issuer, 'grace.lindqvist');
  const client = relyingParty(running, 'parking', Number(new URL(app('parking').url).port));
  const response = await client.redeem(await client.codeFor(browser));
  const { id_token: hint } = (await response.json()) as { id_token: string };
  const { rows } = await running.db.owner.query<{ session: string }>(
    `INSERT INTO app_sessions.sign_in (session_uid, client_id, sid, grant_id, person_id, expires_at)
     SELECT session_uid, 'fifty-' || n, session_uid || n, 'none', person_id, expires_at
     FROM app_sessions.sign_in, generate_series(1, 50) n WHERE client_id = 'parking' AND sid = $1
     RETURNING session_uid AS session`,
    [decodeJwt(hint).sid],
  );
  const before = performance.now();
  await browser.visit(`${running.issuer}/session/end?id_token_hint=${hint}`);
  const answered = performance.now() - before;
  const told = async () => {
    const result = await running.db.owner.query<{ told: number; lastTold: number }>(
      `SELECT count(delivered_at)::int AS told,
              (extract(epoch FROM max(delivered_at) - min(created_at)) * 1000)::int AS "lastTold"
       FROM protocol.logout_delivery WHERE client_id LIKE 'fifty-%' AND session_uid = $1`,
      [rows[0]?.session],
    );
    return result.rows[0];
  };
  await expect.poll(told, { timeout: 20_000 }).toMatchObject({ told: 49 });
  return { answered, lastTold: (await told())?.lastTold ?? Number.POSITIVE_INFINITY };
}

async function undelivered(): Promise<number> {
  const { rows } = await running.db.owner.query<{ count: number }>(
    'SELECT count(*)::int AS count FROM protocol.logout_delivery WHERE delivered_at IS NULL',
  );
  return rows[0]?.count ?? 0;
}
