import { rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { findRunningServer } from './pid-file.ts';
import { elsewhere } from './placement.ts';
import { stopServer } from './stop-server.ts';

/** Stops the server on this data folder, if one runs, and removes all that `startPostgres` made for it. */
export async function removePostgres(dataDir: string): Promise<void> {
  const requested = resolve(dataDir);
  const home = elsewhere(requested);
  for (const folder of [requested, join(home, 'data')]) {
    const running = findRunningServer(folder);
    if (running) await stopServer(running.pid);
  }
  const made = ['', '.new', '.password', '.log', '.lock'].map((suffix) => `${requested}${suffix}`);
  for (const path of [...made, home]) rmSync(path, { recursive: true, force: true });
}
