import { chmodSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Plan } from '../plan/plan-app.ts';
import { replaceFile } from './replace-file.ts';

/**
 * Writes what the plan says.
 * @returns what takes it all back
 * @throws when something cannot be written; nothing is left of it then
 */
export function applyPlan({ create, edit, manifest }: Plan, root: string): () => void {
  using undo = new DisposableStack();
  const folder = join(root, 'apps', manifest.clientId);
  if (!existsSync(folder)) undo.defer(() => rmSync(folder, { recursive: true, force: true }));
  for (const { path, content, executable } of create) {
    const file = join(root, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content, { flag: 'wx' });
    if (executable) chmodSync(file, 0o755);
  }
  for (const { path, before, after } of edit) {
    replaceFile(join(root, path), after);
    undo.defer(() => replaceFile(join(root, path), before));
  }
  const kept = undo.move();
  return () => kept.dispose();
}
