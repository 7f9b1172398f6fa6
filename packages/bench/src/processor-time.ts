import { readdirSync, readFileSync } from 'node:fs';

/** The length of a tick of utime and stime in /proc: USER_HZ, 100 on every Linux that Node runs on. */
const TICK = 10; // milliseconds

interface ProcessTimes {
  parent: number;
  milliseconds: number;
}

/**
 * Processor milliseconds spent so far by these processes and all that descend from them, children that have ended
 * included. Only differences mean anything.
 *
 * @throws where there is no /proc (macOS): nothing there tells another process's time precisely enough
 */
export function processorTime(roots: readonly number[]): number {
  if (process.platform !== 'linux') throw new Error('The bench reads /proc, so it runs on Linux only.');
  const processes = readProcesses();
  const counted = new Set(roots);
  for (let grew = true; grew; ) {
    const before = counted.size;
    for (const [pid, { parent }] of processes) if (counted.has(parent)) counted.add(pid);
    grew = counted.size > before;
  }
  return [...counted].reduce((sum, pid) => sum + (processes.get(pid)?.milliseconds ?? 0), 0);
}

function readProcesses(): Map<number, ProcessTimes> {
  const processes = new Map<number, ProcessTimes>();
  for (const entry of readdirSync('/proc')) {
    const times = /^\d+$/.test(entry) ? readTimes(entry) : undefined;
    if (times) processes.set(Number(entry), times);
  }
  return processes;
}

/** proc_pid_stat(5): field 4 is the parent, 14 to 17 are utime, stime, cutime and cstime in ticks. */
function readTimes(pid: string): ProcessTimes | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The second field is the program's name in brackets and may itself hold spaces and brackets.
    const fields = stat
      .slice(stat.lastIndexOf(')') + 2)
      .split(' ')
      .map(Number);
    const ticks = fields.slice(11, 15).reduce((sum, field) => sum + field, 0);
    return { parent: fields[1] ?? 0, milliseconds: ticks * TICK };
  } catch {
    return undefined; // it ended while we looked
  }
}
