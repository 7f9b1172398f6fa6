import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateAppError } from '../errors.ts';

/** The three states of a file: the app's, the template's that the app was made from, and the template's now. */
export interface Versions {
  ours: string;
  base: string;
  theirs: string;
}

/** Merges line by line as git does; where both changed the same lines, diff3 markers show all three. */
export function mergeText(versions: Versions): { text: string; conflicts: number } {
  const folder = mkdtempSync(join(tmpdir(), 'gatehouse-merge-'));
  try {
    const files = (['ours', 'base', 'theirs'] as const).map((side) => {
      const file = join(folder, side);
      writeFileSync(file, versions[side]);
      return file;
    });
    const labels = ['your app', 'template before', 'template now'].flatMap((label) => ['-L', label]);
    const { status, stdout, stderr } = spawnSync('git', ['merge-file', '-p', '--diff3', ...labels, ...files], {
      encoding: 'utf8',
      maxBuffer: 64 * 1024 * 1024,
    });
    // The status is the number of conflicts; 128 and above are failures.
    if (status === null || status >= 128) throw new CreateAppError('tool_failed', `git merge-file failed. ${stderr}`);
    return { text: stdout, conflicts: status };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
