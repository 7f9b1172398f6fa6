import { readFileSync, realpathSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { commandLine, isRunning, workingDirectory } from '../processes/process-identity.ts';

export type PidFile = { pid: number; port: number; ready: boolean };

/** What postmaster.pid says of the server on this data folder; undefined when there is none. */
export function readPidFile(dataDir: string): PidFile | undefined {
  try {
    const lines = readFileSync(join(dataDir, 'postmaster.pid'), 'utf8').split('\n');
    return { pid: Number(lines[0]), port: Number(lines[3]), ready: lines[7]?.trim() === 'ready' };
  } catch {
    return undefined;
  }
}

/**
 * The server that runs on this data folder. A file left behind by a server that is gone is removed: PostgreSQL itself
 * takes a zombie, or another program that was given the pid since, for a running server and refuses to start.
 */
export function findRunningServer(dataDir: string): PidFile | undefined {
  const found = readPidFile(dataDir);
  if (!found) return undefined;
  if (isServerOn(dataDir, found.pid)) return found;
  rmSync(join(dataDir, 'postmaster.pid'), { force: true });
  return undefined;
}

function isServerOn(dataDir: string, pid: number): boolean {
  if (!isRunning(pid) || !commandLine(pid).includes('postgres')) return false;
  const folder = workingDirectory(pid);
  return folder === undefined || folder === realpathSync(dataDir);
}
