import { setTimeout as delay } from 'node:timers/promises';
import { endSessions } from '@gatehouse/accounts';
import { createTestDatabase, freePort, type TestDatabase } from '@gatehouse/test-kit';
import { createBrowser } from '@gatehouse/test-kit/browser';
import { decodeJwt } from 'jose';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startAppElsewhere } from '../testing/elsewhere.ts';
import { relyingParty } from '../testing/relying-party.ts';
import { signIn } from '../testing/sign-in.ts';
import { killServers, spawnServer } from '../testing/spawn-server.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(async () => {
  killServers();
  await db.close();
});

it('S45 refuses to start in production with the people of the local seed', { timeout: 90_000 }, async () => {
  const port = await freePort();
  const server = spawnServer(db, port, { NODE_ENV: 'production' });
  expect(await server.ended()).not.toBe(0);
  expect(server.output()).toContain('demo people');
});

it('S91 refuses to start without its secrets, and names them', { timeout: 90_000 }, async () => {
  const server = spawnServer(db, await freePort(), { ENCRYPTION_KEY: '', COOKIE_KEYS: '' });
  expect(await server.ended()).not.toBe(0);
  expect(server.output()).toMatch(/ENCRYPTION_KEY: is missing[\s\S]*COOKIE_KEYS: is missing/);
});

it('stops on SIGTERM', { timeout: 90_000 }, async () => {
  const server = spawnServer(db, await freePort());
  await server.ready();
  server.process.kill('SIGTERM');
  expect(await server.ended()).toBe(0);
});

it('F01 killed between code and token, or while it redeems, issues one set of tokens at most, and the person can finish', {
  timeout: 180_000,
}, async () => {
  const port = await freePort();
  const otherPort = await freePort();
  const issuer = `http://localhost:${port}`;
  // Two instances of one issuer: the balancer reaches the second with the issuer's name.
  const other = spawnServer(db, otherPort, { BASE_URL: issuer, PORT: String(otherPort), TRUST_PROXY: '127.0.0.1' });
  await other.ready();
  const here = relyingParty({ issuer, db }, 'finance', 4003);
  const there = relyingParty({ issuer: `http://localhost:${otherPort}`, db }, 'finance', 4003, {
    'x-forwarded-host': `localhost:${port}`,
  });
  const browser = createBrowser();

  for (const milliseconds of [0, 4, 12]) {
    const server = spawnServer(db, port);
    await server.ready();
    if (milliseconds === 0) await signIn(browser, issuer, 'tomas.reyes');
    const code = await here.codeFor(browser);
    const first = here.redeem(code).then(
      ({ status }) => status,
      () => 0,
    );
    await delay(milliseconds);
    await server.kill();
    const statuses = [await first, (await there.redeem(code)).status];
    expect(statuses.filter((status) => status === 200).length).toBeLessThanOrEqual(1);
    for (const status of statuses) expect([0, 200, 400]).toContain(status);
  }

  const restarted = spawnServer(db, port);
  await restarted.ready();
  expect((await there.redeem(await here.codeFor(browser))).status).toBe(200);
});

it('F03 S58 killed while it tells an app of a logout, it tells it after the next start', {
  timeout: 180_000,
}, async () => {
  const port = await freePort();
  const issuer = `http://localhost:${port}`;
  const library = await startAppElsewhere(db, 'library');
  const app = relyingParty({ issuer, db }, 'library', Number(new URL(library.url).port));
  const browser = createBrowser();
  const server = spawnServer(db, port);
  await server.ready();
  await signIn(browser, issuer, 'grace.lindqvist');
  const { id_token } = (await (await app.redeem(await app.codeFor(browser))).json()) as { id_token: string };
  library.answerWith(() => server.process.kill('SIGKILL'));
  await endSessions(db.owner, { clientId: 'library', sid: String(decodeJwt(id_token).sid) }, { reason: 'signed_out' });
  await server.ended();
  expect(library.tokens).toHaveLength(1);

  library.answerWith((res) => res.end());
  const restarted = spawnServer(db, port);
  await restarted.ready();
  await expect.poll(() => library.tokens.length, { timeout: 60_000 }).toBe(2);
  const [first, second] = library.tokens.map((token) => decodeJwt(token));
  expect(second).toMatchObject({ aud: 'library', sid: first?.sid });
  expect(second?.jti).not.toBe(first?.jti);
  await restarted.kill();
  await library.close();
});
