import { spawn } from 'node:child_process';
import { once } from 'node:events';

/** A tool of the workspace ended with a failure; what it printed is the explanation. */
export class ToolError extends Error {
  readonly code = 'tool_failed';
}

export type ToolContext = {
  /** The checkout, where tools run. */
  root: string;
  /** Aborts when this process is asked to stop: the tool is asked too. */
  signal: AbortSignal;
  /** Added to this process's environment. */
  env?: Record<string, string>;
};

/**
 * Runs a program that is on PATH, where the bootstrap put `node_modules/.bin` first, and shows what it prints; with
 * `quiet` only if it fails. Only with `interactive` can it ask something at the terminal.
 * @throws ToolError when it ends with anything but 0
 */
export async function runTool(
  name: string,
  args: string[],
  { root, signal, env }: ToolContext,
  { quiet = false, interactive = false } = {},
): Promise<void> {
  const output = quiet ? 'pipe' : 'inherit';
  const child = spawn(name, args, {
    cwd: root,
    env: { ...process.env, TURBO_TELEMETRY_DISABLED: '1', ...env },
    stdio: [interactive ? 'inherit' : 'ignore', output, output],
  });
  const ask = () => child.kill('SIGTERM');
  signal.addEventListener('abort', ask, { once: true });
  const held: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk: Buffer) => held.push(chunk));
  try {
    const [code] = (await once(child, 'close')) as [number | null];
    if (code === 0) return;
  } finally {
    signal.removeEventListener('abort', ask);
  }
  process.stderr.write(Buffer.concat(held));
  throw new ToolError(`${[name, ...args].join(' ')} failed.`);
}
