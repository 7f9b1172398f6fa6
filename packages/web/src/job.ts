import type { Logger } from './log.ts';

export interface JobOptions {
  /** For the log. */
  name: string;
  everySeconds: number;
  /** What it resolves with is logged. */
  run(): Promise<unknown>;
  log: Logger;
}

export interface Job {
  /** Begins no more; resolves when what has begun is over. */
  stop(): Promise<void>;
}

/**
 * Runs something about every so many seconds until it is stopped, never twice at once in this process; other instances
 * of the app run it too. A failure is logged, and the next turn comes all the same.
 */
export function startJob({ name, everySeconds, run, log }: JobOptions): Job {
  let running: Promise<void> | undefined;
  const turn = () => {
    running ??= run()
      .then((result) => log.debug({ job: name, result }, 'job done'))
      .catch((err: unknown) => log.warn({ job: name, err }, 'job failed'))
      .finally(() => {
        running = undefined;
      });
  };
  // Instances that started together do not stay in step.
  const timer = setInterval(turn, everySeconds * 1000 * (0.9 + Math.random() / 5)).unref();
  return {
    async stop() {
      clearInterval(timer);
      await running;
    },
  };
}
