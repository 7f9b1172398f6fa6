import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { eventually, fakeProcess } from '../testing/fake-process.ts';
import { isRunning } from './process-identity.ts';
import type { ProcessSpec } from './spawn-logged.ts';
import { type ProcessEvent, type Supervisor, superviseProcesses } from './supervise.ts';

describe('superviseProcesses', () => {
  let folder: string;
  let events: ProcessEvent[];
  let pids: Map<string, number>;
  let supervisor: Supervisor | undefined;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'gatehouse supervise '));
    events = [];
    pids = new Map();
  });
  afterEach(async () => {
    await supervisor?.stop();
    rmSync(folder, { recursive: true });
  });

  const supervise = (specs: ProcessSpec[]) => {
    supervisor = superviseProcesses(specs, {
      logDir: folder,
      onStart: (name, pid) => pids.set(name, pid),
      onEvent: (event) => events.push(event),
      restartDelay: 50,
    });
    return supervisor;
  };
  const pidOf = (name: string) => pids.get(name) ?? 0;

  it('is ready when every process answers, and keeps what each prints in a file', async () => {
    const specs = [await fakeProcess('first'), await fakeProcess('second')];
    await supervise(specs).ready;
    for (const { readyUrl } of specs) expect((await fetch(readyUrl)).status).toBe(200);
    expect(readFileSync(join(folder, 'first.log'), 'utf8')).toBe('listening\n');
  });

  it('takes one more process and ends one, without touching the others', async () => {
    const running = supervise([await fakeProcess('first')]);
    await running.ready;
    const late = await fakeProcess('late');
    await running.add(late);
    expect((await fetch(late.readyUrl)).status).toBe(200);
    await running.end('first');
    expect([isRunning(pidOf('first')), isRunning(pidOf('late'))]).toEqual([false, true]);
    const broken = await fakeProcess('broken', { CRASH_AT_START: 'yes' });
    await expect(running.add(broken)).rejects.toMatchObject({ code: 'process_not_ready' });
    await running.stop();
    expect([...pids.values()].filter(isRunning)).toEqual([]);
    expect(events.filter(({ kind }) => kind === 'exited')).toEqual([]);
  });

  it('ends every process within 3 s, also one that does not listen', async () => {
    const running = supervise([await fakeProcess('polite'), await fakeProcess('stubborn', { STUBBORN: 'yes' })]);
    await running.ready;
    const begin = performance.now();
    await running.stop();
    expect(performance.now() - begin).toBeLessThan(3_000);
    expect([...pids.values()].filter(isRunning)).toEqual([]);
  });

  it('reports a process that ends and starts it again, more slowly each time', async () => {
    const spec = await fakeProcess('fragile');
    await supervise([spec]).ready;
    for (const restartInMs of [50, 100]) {
      const before = pidOf('fragile');
      await fetch(new URL('/crash', spec.readyUrl)).catch(() => undefined);
      await eventually(() => pidOf('fragile') !== before && events.at(-1)?.kind === 'ready');
      expect(events.at(-2)).toEqual({ kind: 'exited', name: 'fragile', reason: 'ended with code 3', restartInMs });
    }
    expect((await fetch(spec.readyUrl)).status).toBe(200);
  });

  it('fails with the end of its log when a process ends before it is ready', async () => {
    const specs = [await fakeProcess('healthy'), await fakeProcess('broken', { CRASH_AT_START: 'yes' })];
    await expect(supervise(specs).ready).rejects.toMatchObject({
      code: 'process_not_ready',
      message: expect.stringMatching(/^broken ended with code 7[^]*no such setting: FLAVOUR/),
    });
  });

  it('fails when a program cannot be started at all', async () => {
    const spec = { ...(await fakeProcess('missing')), command: '/no/such/program' };
    await expect(supervise([spec]).ready).rejects.toThrow(/missing could not be started/);
  });
});
