import { createTestDatabase, type TestDatabase } from '@gatehouse/test-kit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { rawRequest as send } from '../testing/raw-request.ts';
import { type RunningProvider, startProvider } from '../testing/start-provider.ts';

let db: TestDatabase;
let local: RunningProvider;
let behindProxy: RunningProvider;

beforeAll(async () => {
  db = await createTestDatabase();
  local = await startProvider({ db });
  behindProxy = await startProvider({ db, issuer: 'https://id.example.org', trustProxy: ['127.0.0.1'] });
});
afterAll(async () => {
  await behindProxy.stop();
  await local.stop();
  await db.close();
});

const discovery = '/.well-known/openid-configuration';
const forwarded = { host: 'id.example.org', 'x-forwarded-proto': 'https' };

describe('S79 P36 a forged host', () => {
  it('answers only for the issuer’s host, whatever the Host header says', async () => {
    const { host } = new URL(local.issuer);
    expect((await send(local, discovery, { host })).status).toBe(200);
    expect((await send(local, discovery, { host: 'evil.example' })).status).toBe(421);
    expect((await send(local, `http://evil.example${discovery}`, { host })).status).toBe(421);
  });

  it('does not believe forwarded headers from anybody but the proxy', async () => {
    const { host } = new URL(local.issuer);
    const answer = await send(local, discovery, {
      host,
      'x-forwarded-host': 'evil.example',
      'x-forwarded-proto': 'https',
    });
    expect(answer.status).toBe(200);
    expect(answer.body).not.toContain('evil.example');
    expect(JSON.parse(answer.body)).toMatchObject({ token_endpoint: `${local.issuer}/token` });
  });

  it('answers behind a proxy with the issuer’s own addresses', async () => {
    const answer = await send(behindProxy, discovery, forwarded);
    expect(JSON.parse(answer.body)).toMatchObject({
      issuer: 'https://id.example.org',
      authorization_endpoint: 'https://id.example.org/auth',
    });
    expect((await send(behindProxy, discovery, { ...forwarded, 'x-forwarded-host': 'evil.example' })).status).toBe(421);
  });
});

describe('S80 a forged X-Forwarded-For', () => {
  /** The address that the audit has of a refused request. */
  async function recorded(running: RunningProvider, headers: Record<string, string>): Promise<string | undefined> {
    const last = async () =>
      (
        await db.owner.query<{ id: string; address: string }>(
          `SELECT id, address FROM audit.event WHERE type = 'authorization.refused' ORDER BY id DESC LIMIT 1`,
        )
      ).rows[0];
    const before = await last();
    expect((await send(running, '/auth?client_id=nobody', headers)).status).toBe(400);
    await expect.poll(async () => (await last())?.id).not.toBe(before?.id);
    return (await last())?.address;
  }

  it('changes nothing of what is recorded, unless it comes from the proxy', async () => {
    const from = { 'x-forwarded-for': '192.0.2.7' };
    expect(await recorded(local, { host: new URL(local.issuer).host, ...from })).toBe('127.0.0.1');
    expect(await recorded(behindProxy, { ...forwarded, ...from })).toBe('192.0.2.7');
  });
});

describe('S81 plain http', () => {
  it('sends pages on to https and takes nothing else over http', async () => {
    const plain = { host: 'id.example.org', 'x-forwarded-proto': 'http' };
    const answer = await send(behindProxy, '/auth?x=1', plain);
    expect([answer.status, answer.headers.location]).toEqual([301, 'https://id.example.org/auth?x=1']);
    expect((await send(behindProxy, '/token', plain, 'POST')).status).toBe(400);
  });

  it('S18 sets __Host- and Secure cookies under https', async () => {
    const launcher =
      '/auth?client_id=launcher&response_type=none&scope=openid&redirect_uri=https%3A%2F%2Fid.example.org%2F';
    const { headers } = await send(behindProxy, launcher, forwarded);
    const cookies = [headers['set-cookie'] ?? []].flat();
    expect(cookies).toHaveLength(5);
    for (const cookie of cookies) expect(cookie).toMatch(/; samesite=lax; secure; httponly$/);
    expect(cookies.filter((cookie) => cookie.startsWith('__Secure-gatehouse_'))).toHaveLength(4);
    expect(cookies.filter((cookie) => /^__Host-gatehouse\..*; path=\/;/.test(cookie))).toHaveLength(1);
    expect(headers.location).toMatch(/^\/interaction\//);
  });
});
