import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { freePort } from '@gatehouse/launcher/ports';
import { startProgram } from '../child-process.ts';
import type { System } from '../system.ts';
import type { BaselineApp } from './app.ts';
import type { BaselineProvider } from './provider.ts';

const clientIds = ['first', 'second', 'third'];

/** Starts the provider and three apps of the baseline, each a process of its own. */
export async function startBaseline(people: string[], resources: AsyncDisposableStack): Promise<System> {
  const providerPort = await freePort();
  const clients = await Promise.all(
    clientIds.map(async (clientId) => ({
      clientId,
      clientSecret: randomBytes(32).toString('base64url'),
      url: `http://localhost:${await freePort()}`,
    })),
  );
  const start = (file: string, options: BaselineProvider | BaselineApp) =>
    startProgram(join(import.meta.dirname, file), options, resources);
  const provider = await start('provider.ts', { port: providerPort, clients });
  const issuer = `http://localhost:${providerPort}`;
  const apps = await Promise.all(
    clients.map(({ url, ...client }) => start('app.ts', { port: Number(new URL(url).port), issuer, ...client })),
  );
  const [first, ...others] = clients.map(({ url }) => ({ url, loginPath: '/login' }));
  if (!first) throw new Error('The baseline has no app.');
  return { processes: { provider: [provider], apps }, first, others, guardedPage: `${first.url}/`, people };
}
