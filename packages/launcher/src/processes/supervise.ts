import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { endProcessGroups } from './end-processes.ts';
import { keepRunning } from './keep-running.ts';
import type { ProcessSpec } from './spawn-logged.ts';

export type ProcessEvent =
  | { kind: 'ready'; name: string }
  | { kind: 'exited'; name: string; reason: string; restartInMs: number };

export type SuperviseOptions = {
  /** Each process logs to `LOG_DIR/NAME.log`, begun anew. */
  logDir: string;
  /** Told of every process that is started, before anything else happens. */
  onStart: (name: string, pid: number) => void;
  onEvent?: (event: ProcessEvent) => void;
  /** Milliseconds that a process has to become ready. Default 60 000. */
  readyWithin?: number;
  /** Milliseconds before the first restart of a process that ended; doubles up to 30 s. Default 500. */
  restartDelay?: number;
};

export type Supervisor = {
  /** Resolves when every process is ready; rejects with ProcessStartError when one ends or takes too long before. */
  ready: Promise<void>;
  /** Runs one more and waits until it is ready. @throws ProcessStartError, with nothing of it left running */
  add(spec: ProcessSpec): Promise<void>;
  /** Ends one for good, if it is there. */
  end(name: string): Promise<void>;
  /** Ends them all within 2 s and restarts nothing more. */
  stop(): Promise<void>;
};

/**
 * Runs the processes side by side; one that ends after it was ready is reported and started again, ever more slowly.
 */
export function superviseProcesses(specs: ProcessSpec[], options: SuperviseOptions): Supervisor {
  mkdirSync(options.logDir, { recursive: true });
  const kept = new Map<string, { pid(): number | undefined; stopping: AbortController }>();

  const keep = (spec: ProcessSpec): Promise<void> => {
    rmSync(join(options.logDir, `${spec.name}.log`), { force: true });
    const stopping = new AbortController();
    const { ready, pid } = keepRunning(spec, options, stopping.signal);
    kept.set(spec.name, { pid, stopping });
    return ready;
  };
  const end = async (names: string[]) => {
    const ending = names.flatMap((name) => kept.get(name) ?? []);
    for (const { stopping } of ending) stopping.abort();
    for (const name of names) kept.delete(name);
    await endProcessGroups(ending.flatMap(({ pid }) => pid() ?? []));
  };

  const ready = Promise.all(specs.map(keep)).then(() => undefined);
  ready.catch(() => undefined);
  return {
    ready,
    async add(spec) {
      try {
        await keep(spec);
      } catch (error) {
        await end([spec.name]);
        throw error;
      }
    },
    end: (name) => end([name]),
    stop: () => end([...kept.keys()]),
  };
}
