import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';

export type ProcessSpec = {
  /** Unique; names the log file. */
  name: string;
  command: string;
  args: string[];
  cwd: string;
  /** The whole environment: nothing is inherited. */
  env: Record<string, string>;
  /** Answers 200 once the process can serve. */
  readyUrl: string;
};

/**
 * Starts the process as the leader of a group of its own, so that a Ctrl-C in the terminal reaches it through the
 * launcher only. Its output goes straight to the log file: it needs no launcher to live on.
 */
export function spawnLogged(spec: ProcessSpec, logFile: string): ChildProcess {
  const log = openSync(logFile, 'a', 0o600);
  try {
    return spawn(spec.command, spec.args, {
      cwd: spec.cwd,
      env: spec.env,
      detached: true,
      stdio: ['ignore', log, log],
    });
  } finally {
    closeSync(log);
  }
}
