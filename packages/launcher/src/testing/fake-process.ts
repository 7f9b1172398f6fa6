import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { freePort } from '../ports/index.ts';
import type { ProcessSpec } from '../processes/spawn-logged.ts';

/** The fake app on a free port, as something to supervise. */
export async function fakeProcess(name: string, env: Record<string, string> = {}): Promise<ProcessSpec> {
  const port = await freePort();
  return {
    name,
    command: process.execPath,
    args: [join(import.meta.dirname, 'fake-app.ts')],
    cwd: import.meta.dirname,
    env: { PATH: process.env.PATH ?? '', PORT: String(port), ...env },
    readyUrl: `http://127.0.0.1:${port}/readyz`,
  };
}

/** Polls until `check` holds. @throws after the deadline, 20 s by default */
export async function eventually(check: () => boolean | Promise<boolean>, within = 20_000): Promise<void> {
  const deadline = Date.now() + within;
  while (!(await check())) {
    if (Date.now() > deadline) throw new Error(`Still not so after ${within} ms: ${check}`);
    await delay(20);
  }
}
