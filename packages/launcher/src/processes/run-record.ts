import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { endProcessGroups } from './end-processes.ts';
import { isRunning, processStart } from './process-identity.ts';

const processSchema = z.object({ name: z.string(), pid: z.number(), start: z.string() });
const recordSchema = z.object({
  launcher: processSchema,
  /** Who started the launcher and is there as long as a person is: npm and the bootstrap. */
  starters: z.array(processSchema),
  children: z.array(processSchema),
});
type RecordedProcess = z.infer<typeof processSchema>;

/** Another launcher runs from this checkout. */
class AlreadyRunningError extends Error {
  readonly code = 'already_running';

  constructor(pid: number) {
    super(`Gatehouse already runs from this checkout (process ${pid}): stop it there with Ctrl-C first.`);
    this.name = 'AlreadyRunningError';
  }
}

export type RunRecord = {
  /** Notes a child that this launcher started; replaces an earlier one of the same name. */
  add(name: string, pid: number): void;
  /** Removes the record: nothing of ours runs any more. */
  close(): void;
};

/**
 * Takes this checkout for this launcher: refuses while another one runs, and ends what a killed one left behind. A
 * launcher whose starter was killed is such a leftover itself. A process is recognised by pid and start time, so a
 * stranger that was given the same pid is left alone.
 * @param starters pids of the processes that started this one
 * @throws AlreadyRunningError
 */
export async function openRunRecord(file: string, starters: number[] = []): Promise<RunRecord> {
  const earlier = read(file);
  if (earlier) await endEarlierRun(earlier);

  const record = {
    launcher: describe('launcher', process.pid),
    starters: starters.map((pid) => describe('starter', pid)),
  };
  const children = new Map<string, RecordedProcess>();
  const write = () => {
    writeFileSync(`${file}.new`, JSON.stringify({ ...record, children: [...children.values()] }, null, 2));
    renameSync(`${file}.new`, file);
  };
  mkdirSync(dirname(file), { recursive: true });
  write();
  return {
    add(name, pid) {
      children.set(name, describe(name, pid));
      write();
    },
    close: () => rmSync(file, { force: true }),
  };
}

/** Whether a launcher runs that keeps this record. */
export function isLauncherRunning(file: string): boolean {
  const record = read(file);
  return record !== undefined && isSame(record.launcher);
}

async function endEarlierRun({ launcher, starters, children }: z.infer<typeof recordSchema>): Promise<void> {
  if (isSame(launcher)) {
    if (starters.every(isSame)) throw new AlreadyRunningError(launcher.pid);
    await endLauncher(launcher.pid);
  }
  await endProcessGroups(children.filter(isSame).map((child) => child.pid));
}

/** Asks the launcher, which stops all that it started, and kills it when it takes too long. */
async function endLauncher(pid: number): Promise<void> {
  process.kill(pid, 'SIGTERM');
  const deadline = Date.now() + 5_000;
  while (isRunning(pid) && Date.now() < deadline) await delay(20);
  if (isRunning(pid)) process.kill(pid, 'SIGKILL');
}

function describe(name: string, pid: number): RecordedProcess {
  return { name, pid, start: processStart(pid) ?? '' };
}

function isSame({ pid, start }: RecordedProcess): boolean {
  return processStart(pid) === start;
}

function read(file: string) {
  try {
    return recordSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return undefined;
  }
}
