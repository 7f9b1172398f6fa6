import { type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { ProcessStartError } from './process-start-error.ts';
import { type ProcessSpec, spawnLogged } from './spawn-logged.ts';
import type { SuperviseOptions } from './supervise.ts';
import { waitUntilReady } from './wait-until-ready.ts';

const longestDelay = 30_000;
/** A process that ran this long is healthy: its next end is restarted quickly again. */
const healthyAfter = 60_000;

type KeptProcess = { ready: Promise<void>; pid(): number | undefined };

/** Starts one process, and again whenever it ends after it was ready once, until `stopping` aborts. */
export function keepRunning(spec: ProcessSpec, options: SuperviseOptions, stopping: AbortSignal): KeptProcess {
  const { onEvent, onStart, readyWithin = 60_000, restartDelay = 500 } = options;
  const logFile = join(options.logDir, `${spec.name}.log`);
  let current: ChildProcess | undefined;

  const start = () => {
    const child = spawnLogged(spec, logFile);
    if (child.pid !== undefined) onStart(spec.name, child.pid);
    const gone = new AbortController();
    const ended = endOf(child).finally(() => gone.abort());
    current = child;
    return { ended, gone: AbortSignal.any([gone.signal, stopping]) };
  };

  const firstRun = async () => {
    const { ended, gone } = start();
    const ready = await waitUntilReady(spec.readyUrl, AbortSignal.any([gone, AbortSignal.timeout(readyWithin)]));
    if (!ready && !stopping.aborted) {
      const reason = gone.aborted ? await ended : `was not ready after ${readyWithin / 1000} s`;
      throw new ProcessStartError(spec.name, reason, logFile);
    }
    onEvent?.({ kind: 'ready', name: spec.name });
    void restartWhenever(ended);
  };

  const restartWhenever = async (firstEnd: Promise<string>) => {
    let ended = firstEnd;
    let wait = restartDelay;
    let startedAt = Date.now();
    for (;;) {
      const reason = await ended;
      if (stopping.aborted) return;
      wait = Date.now() - startedAt > healthyAfter ? restartDelay : wait;
      onEvent?.({ kind: 'exited', name: spec.name, reason, restartInMs: wait });
      await delay(wait, undefined, { signal: stopping }).catch(() => undefined);
      if (stopping.aborted) return;
      wait = Math.min(wait * 2, longestDelay);
      startedAt = Date.now();
      const next = start();
      ended = next.ended;
      void waitUntilReady(spec.readyUrl, next.gone).then((ready) => {
        if (ready) onEvent?.({ kind: 'ready', name: spec.name });
      });
    }
  };

  return { ready: firstRun(), pid: () => current?.pid };
}

/** Why the process ended, in words. Never rejects. */
async function endOf(child: ChildProcess): Promise<string> {
  try {
    const [code, signal] = (await once(child, 'exit')) as [number | null, NodeJS.Signals | null];
    return signal ? `was ended by ${signal}` : `ended with code ${code}`;
  } catch (error) {
    return `could not be started: ${(error as Error).message}`;
  }
}
