import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { isRunning } from '../processes/process-identity.ts';

/** Runs `work` while no other process does so for the same file; a lock left by a dead process is taken over. */
export async function exclusively<T>(lockFile: string, work: () => Promise<T>): Promise<T> {
  while (!take(lockFile)) await delay(50);
  try {
    return await work();
  } finally {
    rmSync(lockFile, { force: true });
  }
}

function take(lockFile: string): boolean {
  try {
    writeFileSync(lockFile, String(process.pid), { flag: 'wx' });
    return true;
  } catch {
    const holder = readHolder(lockFile);
    if (holder !== undefined && !isRunning(holder)) rmSync(lockFile, { force: true });
    return false;
  }
}

function readHolder(lockFile: string): number | undefined {
  try {
    return Number(readFileSync(lockFile, 'utf8')) || undefined;
  } catch {
    return undefined;
  }
}
