import { renameSync, rmSync, writeFileSync } from 'node:fs';

/** Replaces a file whole or, when that cannot be done, not at all. */
export function replaceFile(file: string, content: string): void {
  const next = `${file}.new`;
  try {
    writeFileSync(next, content);
    renameSync(next, file);
  } finally {
    rmSync(next, { force: true });
  }
}
