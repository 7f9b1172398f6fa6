import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Org } from '../organisation/org-file.ts';
import { eventually } from './fake-process.ts';

export type LauncherProcess = {
  pid: number;
  /** All that it printed so far. */
  output(): string;
  /** Resolves when it has started everything. @throws when it ends before */
  running(): Promise<Org>;
  signal(name: NodeJS.Signals): void;
  /** Resolves with its exit code when it ends. */
  exit: Promise<number | null>;
};

/** Runs a command of the launcher as the bootstrap does, with its files in `local`. */
export function runLauncher(command: string, local: string, env: Record<string, string>): LauncherProcess {
  const compileCache = { NODE_COMPILE_CACHE: join(local, 'compile-cache') };
  const child = spawn(process.execPath, [join(import.meta.dirname, '..', 'main.ts'), command], {
    env: { ...process.env, NODE_ENV: '', DATABASE_URL: '', GATEHOUSE_LOCAL: local, ...compileCache, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk));
  const exit = once(child, 'exit').then(([code]) => code as number | null);
  return {
    pid: child.pid ?? 0,
    output: () => output,
    async running() {
      await eventually(() => child.exitCode !== null || output.includes('Ctrl-C stops everything'), 180_000);
      if (child.exitCode !== null) throw new Error(`The launcher ended with ${child.exitCode}:\n${output}`);
      return JSON.parse(readFileSync(join(local, 'org.json'), 'utf8'));
    },
    signal: (name) => child.kill(name),
    exit,
  };
}
