import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { declaredRoutes } from '@gatehouse/web';
import { examplePath } from './routes.ts';
import type { RunningRelyingParty } from './start-relying-party.ts';

/** What auth-client answers. */
const signingIn = ['login', 'callback', 'session', 'logout', 'backchannel-logout'].flatMap((name) =>
  ['get', 'post'].map((method) => ({ method, path: `/auth/${name}` })),
);

/**
 * The addresses of an app, as `GET /path`, at which one place may ask whatever it likes, or nothing at all: none. Each
 * is asked from a place of its own.
 */
export async function withoutBudget(rp: RunningRelyingParty): Promise<string[]> {
  const app = await rp.createApp({ REQUESTS_PER_MINUTE: '1', TRUST_PROXY: '127.0.0.1,::1' });
  const server = createServer(app);
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
  const url = `http://localhost:${(server.address() as AddressInfo).port}`;
  const declared = declaredRoutes(app).map((route) => ({ method: route.method, path: examplePath(route) }));
  const unlimited: string[] = [];
  for (const [index, { method, path }] of [...declared, ...signingIn].entries()) {
    const ask = () =>
      fetch(url + path, {
        method: method.toUpperCase(),
        redirect: 'manual',
        headers: { 'x-forwarded-for': `10.${index}.0.1` },
      });
    const first = (await ask()).status;
    const more = await Promise.all(Array.from({ length: 10 }, async () => (await ask()).status));
    if (first === 429 || !more.includes(429)) unlimited.push(`${method.toUpperCase()} ${path}`);
  }
  server.closeAllConnections();
  server.close();
  return unlimited;
}
