import { randomUUID } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, watch, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { describeError } from '../errors.ts';
import { isLauncherRunning } from '../processes/run-record.ts';

/** The running organisation could not take a change of its apps. */
class ChangeRefusedError extends Error {
  readonly code = 'change_refused';
}

type Answer = { id: string; error?: string };

/** A file with a question and one with its answer: it works on every system, and only for whoever owns the checkout. */
const files = (local: string) => ({
  question: join(local, 'apps-changed.json'),
  answer: join(local, 'apps-changed.answer.json'),
});

/**
 * Calls `update` whenever somebody announces that apps came or went, one call at a time, and answers with its outcome.
 */
export function watchForChanges(local: string, update: () => Promise<void>): Disposable {
  const { question, answer } = files(local);
  let heard = read(answer)?.id;
  let last = Promise.resolve();
  const listen = () => {
    const id = read(question)?.id;
    if (id === undefined || id === heard) return;
    heard = id;
    last = last.then(update).then(
      () => write(answer, { id }),
      (error: unknown) => write(answer, { id, error: describeError(error) }),
    );
  };
  const watcher = watch(local, (_, file) => {
    if (file === null || file === basename(question)) listen();
  });
  // What was announced before is heard too.
  listen();
  return { [Symbol.dispose]: () => watcher.close() };
}

/**
 * Tells the organisation that runs from this checkout that apps came or went, and waits until it runs them.
 * @returns false when no organisation runs
 * @throws ChangeRefusedError
 */
export async function announceChange(local: string, within = 90_000): Promise<boolean> {
  const runs = () => isLauncherRunning(join(local, 'run.json'));
  if (!runs()) return false;
  const { question, answer } = files(local);
  const id = randomUUID();
  mkdirSync(local, { recursive: true });
  write(question, { id });
  for (const deadline = Date.now() + within; Date.now() < deadline && runs(); await delay(50)) {
    const outcome = read(answer);
    if (outcome?.id !== id) continue;
    if (outcome.error) throw new ChangeRefusedError(outcome.error);
    return true;
  }
  throw new ChangeRefusedError('The running organisation did not answer. Stop it with Ctrl-C and start it again.');
}

function write(file: string, content: Answer): void {
  writeFileSync(`${file}.new`, JSON.stringify(content));
  renameSync(`${file}.new`, file);
}

function read(file: string): Answer | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}
