import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { TestDatabase } from '@gatehouse/test-kit';

const cookieKeys = randomBytes(32).toString('base64url');

export interface SpawnedServer {
  process: ChildProcess;
  /** All that it has printed so far. */
  output(): string;
  /** Resolves once it answers, rejects when it ends before. */
  ready(): Promise<void>;
  /** As the system would in the worst case. */
  kill(): Promise<void>;
  /** Resolves to the exit code, once it has ended. */
  ended(): Promise<number | null>;
}

const running = new Set<ChildProcess>();

/** Leaves none behind, also where a test failed. */
export function killServers(): void {
  for (const child of running) child.kill('SIGKILL');
}

/** `server.ts` as production starts it, in a process of its own. */
export function spawnServer(db: TestDatabase, port: number, env: Record<string, string> = {}): SpawnedServer {
  const child = spawn(process.execPath, [join(import.meta.dirname, '..', 'src', 'server.ts')], {
    env: {
      PATH: process.env.PATH,
      NODE_ENV: 'test',
      ORGANISATION_NAME: 'Harbour Council',
      ORGANISATION_TIME_ZONE: 'Europe/London',
      BASE_URL: `http://localhost:${port}`,
      PORT: String(port),
      LOG_LEVEL: 'info',
      DATABASE_URL: db.urlFor('identity-provider'),
      ENCRYPTION_KEY: db.encryptionKey,
      COOKIE_KEYS: cookieKeys,
      ...env,
    },
  });
  let printed = '';
  child.stdout.on('data', (chunk) => (printed += chunk));
  child.stderr.on('data', (chunk) => (printed += chunk));
  running.add(child);
  const exit = once(child, 'exit').then(([code]) => code as number | null);

  return {
    process: child,
    output: () => printed,
    async ready() {
      while (child.exitCode === null) {
        const answer = await fetch(`http://127.0.0.1:${env.PORT ?? port}/readyz`).catch(() => undefined);
        if (answer?.ok) return;
        await delay(50);
      }
      throw new Error(`the server ended with ${child.exitCode}: ${printed}`);
    },
    async kill() {
      child.kill('SIGKILL');
      await exit;
    },
    ended: () => exit,
  };
}
