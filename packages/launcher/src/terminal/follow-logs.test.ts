import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { followLogs } from './follow-logs.ts';

it('prints whole lines after the name of the process that wrote them', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'gatehouse logs '));
  const lines: string[] = [];
  const following = followLogs(folder, (line) => lines.push(line));
  try {
    appendFileSync(join(folder, 'finance.log'), 'listening\nhalf a li');
    await expect.poll(() => lines.length).toBe(1);
    appendFileSync(join(folder, 'finance.log'), 'ne\n');
    await expect.poll(() => lines.length).toBe(2);
    expect(lines[0]).toMatch(/finance.*listening$/);
    expect(lines[1]).toMatch(/finance.*half a line$/);
  } finally {
    following[Symbol.dispose]();
    rmSync(folder, { recursive: true });
  }
});
