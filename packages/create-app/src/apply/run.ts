import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { CreateAppError } from '../errors.ts';

/**
 * Runs a program, quietly as long as it succeeds.
 * @throws {CreateAppError} tool_failed, with what it printed; also when `signal` aborts
 */
export async function run(command: string, args: string[], cwd: string, signal: AbortSignal): Promise<void> {
  const child = spawn(command, args, {
    cwd,
    signal,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, CI: 'true' },
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk));
  try {
    const [code] = (await once(child, 'close')) as [number | null];
    if (code !== 0) throw new Error(`it ended with ${code}`);
  } catch (cause) {
    throw new CreateAppError('tool_failed', `${command} ${args.join(' ')} failed.\n${output}`, { cause });
  }
}
