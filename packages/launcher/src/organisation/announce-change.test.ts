import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openRunRecord, type RunRecord } from '../processes/run-record.ts';
import { announceChange, watchForChanges } from './announce-change.ts';

describe('announcing that apps came or went', () => {
  let local: string;
  let record: RunRecord | undefined;
  let watching: Disposable | undefined;
  beforeEach(() => {
    local = mkdtempSync(join(tmpdir(), 'gatehouse announce '));
  });
  afterEach(() => {
    watching?.[Symbol.dispose]();
    record?.close();
    rmSync(local, { recursive: true });
  });
  const watch = (update: () => Promise<void>) => {
    watching = watchForChanges(local, update);
  };
  const run = async () => {
    record = await openRunRecord(join(local, 'run.json'));
  };

  it('says that no organisation runs', async () => {
    expect(await announceChange(local)).toBe(false);
  });

  it('waits until the running organisation has taken each change', async () => {
    await run();
    let updates = 0;
    watch(async () => void updates++);
    expect(await announceChange(local)).toBe(true);
    expect(await announceChange(local)).toBe(true);
    expect(updates).toBe(2);
  });

  it('is heard by an organisation that is still starting', async () => {
    await run();
    const announced = announceChange(local);
    watch(async () => {});
    expect(await announced).toBe(true);
  });

  it('passes on why a change was not taken, and the next one is heard', async () => {
    await run();
    let fault: string | undefined = 'Port 4006 is in use';
    watch(async () => {
      if (fault) throw new Error(fault);
    });
    await expect(announceChange(local)).rejects.toThrow('Port 4006 is in use');
    fault = undefined;
    expect(await announceChange(local)).toBe(true);
  });

  it('gives up on an organisation that does not answer', async () => {
    await run();
    await expect(announceChange(local, 100)).rejects.toMatchObject({ code: 'change_refused' });
  });
});
