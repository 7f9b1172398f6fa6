import { setTimeout as delay } from 'node:timers/promises';
import { isRunning } from './process-identity.ts';

/** How long a process has to stop by itself; together with PostgreSQL's own stop this keeps Ctrl-C within 3 s. */
const patience = 1_000;

/**
 * Ends these process groups (each named by its leader's pid), all at once: asks first, and kills what is still there
 * after 1 s. Resolves when every leader is gone.
 */
export async function endProcessGroups(pids: number[]): Promise<void> {
  for (const pid of pids) signalGroup(pid, 'SIGTERM');
  const deadline = Date.now() + patience;
  while (pids.some(isRunning) && Date.now() < deadline) await delay(15);
  for (const pid of pids) signalGroup(pid, 'SIGKILL');
  while (pids.some(isRunning)) await delay(15);
}

function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch {
    // The whole group is gone already.
  }
}
