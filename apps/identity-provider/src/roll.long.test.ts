import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createTestDatabase, freePort, type TestDatabase } from '@gatehouse/test-kit';
import { createBrowser } from '@gatehouse/test-kit/browser';
import { createRemoteJWKSet, decodeProtectedHeader, jwtVerify } from 'jose';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Balancer, startBalancer } from '../testing/balancer.ts';
import { relyingParty } from '../testing/relying-party.ts';
import { signIn } from '../testing/sign-in.ts';
import { killServers, spawnServer } from '../testing/spawn-server.ts';

let db: TestDatabase;
let balancer: Balancer;
beforeAll(async () => {
  db = await createTestDatabase();
  balancer = await startBalancer();
});
afterAll(async () => {
  killServers();
  await balancer.close();
  await db.close();
});

it('S88 takes a new signing key, instance by instance, while people go on opening apps', {
  timeout: 180_000,
}, async () => {
  const issuer = `http://localhost:${balancer.port}`;
  const ports = [await freePort(), await freePort()];
  const start = async (port: number) => {
    const server = spawnServer(db, port, { BASE_URL: issuer, PORT: String(port), DRAIN_SECONDS: '1' });
    await server.ready();
    return server;
  };
  const servers = [await start(ports[0] ?? 0), await start(ports[1] ?? 0)];
  balancer.sendTo(...ports);
  const roll = async () => {
    for (const [index, port] of ports.entries()) {
      balancer.sendTo(...ports.filter((each) => each !== port));
      servers[index]?.process.kill('SIGTERM');
      if (servers[index]) await once(servers[index].process, 'exit');
      servers[index] = await start(port);
      balancer.sendTo(...ports);
    }
  };
  const keys = async (...args: string[]) => {
    const { stdout } = await promisify(execFile)(
      process.execPath,
      [join(import.meta.dirname, 'manage-keys.ts'), ...args],
      {
        env: { OWNER_DATABASE_URL: db.ownerUrl, ENCRYPTION_KEY: db.encryptionKey },
      },
    );
    return JSON.parse(stdout);
  };

  // An app keeps the key set and fetches it again for an unknown key, at most once in a while: for these few seconds of
  // publication a second, as it is a minute for the ten minutes that there really are.
  const keySet = createRemoteJWKSet(new URL(`${issuer}/jwks`), { cooldownDuration: 1000 });
  const finance = relyingParty({ issuer, db }, 'finance', 4003);
  const signedBy = new Set<string>();
  const opened: string[] = [];
  let rolling = true;
  const opening = (async () => {
    const browser = createBrowser();
    await signIn(browser, issuer, 'tomas.reyes');
    while (rolling) {
      const answer = await finance.redeem(await finance.codeFor(browser));
      const { id_token: idToken } = (await answer.json()) as { id_token: string };
      signedBy.add(decodeProtectedHeader(idToken).kid ?? '');
      await jwtVerify(idToken, keySet, { issuer, audience: 'finance' });
      opened.push(idToken);
    }
  })();

  const added = await keys('add');
  await roll();
  const promoted = await keys('promote', added.kid, '--at-once');
  await roll();
  rolling = false;
  await opening;
  expect(promoted).toMatchObject({ kid: added.kid, status: 'active' });
  expect(signedBy).toContain(added.kid);
  expect(signedBy.size).toBe(2);
  expect(opened.length).toBeGreaterThan(10);
});
