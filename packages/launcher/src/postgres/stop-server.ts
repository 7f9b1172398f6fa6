import { setTimeout as delay } from 'node:timers/promises';
import { isRunning } from '../processes/process-identity.ts';

/** Gentlest first: fast shutdown, immediate shutdown (recovers at the next start), and the end. */
const escalation = [
  { signal: 'SIGINT', patience: 1_000 },
  { signal: 'SIGQUIT', patience: 500 },
  { signal: 'SIGKILL', patience: 5_000 },
] as const;

/** Ends the server with this pid, also one that an earlier launcher started, and waits until it is gone. */
export async function stopServer(pid: number): Promise<void> {
  for (const { signal, patience } of escalation) {
    if (!isRunning(pid)) return;
    process.kill(pid, signal);
    const deadline = Date.now() + patience;
    while (isRunning(pid) && Date.now() < deadline) await delay(15);
  }
}
