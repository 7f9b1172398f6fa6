import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isRunning, processStart } from './process-identity.ts';
import { openRunRecord } from './run-record.ts';

describe('openRunRecord', () => {
  let folder: string;
  let file: string;
  const spawned: number[] = [];

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'gatehouse record '));
    file = join(folder, 'run.json');
  });
  afterEach(() => {
    for (const pid of spawned.splice(0).filter(isRunning)) process.kill(pid, 'SIGKILL');
    rmSync(folder, { recursive: true });
  });

  const sleeper = () => {
    const child = spawn('sleep', ['60'], { detached: true, stdio: 'ignore' });
    const pid = child.pid ?? 0;
    spawned.push(pid);
    return { name: 'sleeper', pid, start: processStart(pid) ?? '' };
  };
  const dead = { name: 'launcher', pid: process.pid, start: 'before this process began' };
  const write = (record: object) => writeFileSync(file, JSON.stringify({ starters: [], ...record }));

  it('ends the children that a killed launcher left behind', async () => {
    const orphan = sleeper();
    write({ launcher: dead, children: [orphan] });
    await openRunRecord(file, [process.pid]);
    expect(isRunning(orphan.pid)).toBe(false);
  });

  it('leaves a stranger alone that has been given the pid of an old child since', async () => {
    const stranger = sleeper();
    write({ launcher: dead, children: [{ ...stranger, start: 'long ago' }] });
    await openRunRecord(file, [process.pid]);
    expect(isRunning(stranger.pid)).toBe(true);
  });

  it('refuses while another launcher runs from this checkout, and takes over once it is gone', async () => {
    const other = sleeper();
    write({ launcher: other, starters: [{ ...dead, start: processStart(process.pid) }], children: [] });
    await expect(openRunRecord(file, [process.pid])).rejects.toMatchObject({ code: 'already_running' });
    process.kill(other.pid, 'SIGKILL');
    await expect.poll(() => isRunning(other.pid)).toBe(false);
    await openRunRecord(file, [process.pid]);
    expect(JSON.parse(readFileSync(file, 'utf8')).launcher.pid).toBe(process.pid);
  });

  it('ends an earlier launcher whose starter was killed, instead of refusing', async () => {
    const launcher = sleeper();
    write({ launcher, starters: [dead], children: [] });
    await openRunRecord(file, [process.pid]);
    expect(isRunning(launcher.pid)).toBe(false);
  });

  it('records each child that runs, and nothing once it is closed', async () => {
    const run = await openRunRecord(file, [process.pid]);
    const child = sleeper();
    run.add('app', child.pid);
    expect(JSON.parse(readFileSync(file, 'utf8')).children).toEqual([{ ...child, name: 'app' }]);
    run.close();
    expect(existsSync(file)).toBe(false);
  });
});
