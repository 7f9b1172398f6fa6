import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** A statement, and the database login that ran it. */
export interface RecordedStatement {
  login: string;
  text: string;
}

/** Runs the tests of an app or a package, and tells every statement that they ran. */
export async function recordRun(folder: string): Promise<RecordedStatement[]> {
  const temporary = mkdtempSync(join(tmpdir(), 'gatehouse-statements-'));
  try {
    const file = join(temporary, 'statements.jsonl');
    const env = { ...process.env, RECORD_STATEMENTS: file };
    await promisify(execFile)(join(folder, 'node_modules/.bin/vitest'), ['run', '--reporter=dot'], {
      cwd: folder,
      env,
    });
    const lines = readFileSync(file, 'utf8').trim().split('\n');
    return lines.map((line) => JSON.parse(line) as RecordedStatement);
  } finally {
    rmSync(temporary, { recursive: true });
  }
}
