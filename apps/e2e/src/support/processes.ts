import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { inject } from 'vitest';

/** The process of an app as the launcher noted it. It starts an app again that has ended. */
export function pidOf(name: string): number {
  const { children } = JSON.parse(readFileSync(join(inject('local'), 'run.json'), 'utf8'));
  return children.find((child: { name: string }) => child.name === name).pid;
}

/** As a crash or the out-of-memory killer would: no handler runs. */
export const kill = (name: string): void => void process.kill(pidOf(name), 'SIGKILL');

/** Waits until the app answers that it is ready, or no longer is. */
export async function untilReady(url: string, wanted = true): Promise<void> {
  const deadline = Date.now() + 45_000;
  while ((await isReady(url)) !== wanted) {
    if (Date.now() > deadline) throw new Error(`${url} is ${wanted ? 'not' : 'still'} ready`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function isReady(url: string): Promise<boolean> {
  try {
    return (await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(2_000) })).ok;
  } catch {
    return false;
  }
}

/** Keeps an app from coming back by taking its port; every connection is cut. Resolves to what gives the port back. */
export async function occupyPort(url: string): Promise<() => Promise<void>> {
  const { port } = new URL(url);
  const deadline = Date.now() + 10_000;
  for (;;) {
    const server = createServer((socket) => socket.destroy());
    try {
      await new Promise<void>((resolve, reject) =>
        server.once('error', reject).listen(Number(port), '127.0.0.1', resolve),
      );
      return () => new Promise((resolve) => server.close(() => resolve()));
    } catch (error) {
      if (Date.now() > deadline) throw error;
    }
  }
}
