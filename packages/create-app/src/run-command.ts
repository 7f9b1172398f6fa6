import { CreateAppError } from './errors.ts';

/** Runs a command of this package as a program: a signal aborts it, a refusal is told without a stack. */
export async function runCommand(command: (signal: AbortSignal) => Promise<void>): Promise<void> {
  const stopping = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => stopping.abort());
  try {
    await command(stopping.signal);
  } catch (error) {
    process.exitCode = stopping.signal.aborted ? 130 : 1;
    if (!stopping.signal.aborted) console.error(error instanceof CreateAppError ? error.message : error);
  }
}
