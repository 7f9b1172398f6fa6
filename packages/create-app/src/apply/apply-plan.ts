import { chmodSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Plan } from '../plan/plan-app.ts';

/**
 * Writes what the plan says.
 * @returns what takes it all back
 * @throws when something cannot be written; nothing is left of it then
 */
export function applyPlan({ create, edit, manifest }: Plan, root: string): () => void {
  const folder = join(root, 'apps', manifest.clientId);
  const isNew = !existsSync(folder);
  const undo = () => {
    if (isNew) rmSync(folder, { recursive: true, force: true });
    for (const { path, before } of edit) writeFileSync(join(root, path), before);
  };
  try {
    for (const { path, content, executable } of create) {
      const file = join(root, path);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, content, { flag: 'wx' });
      if (executable) chmodSync(file, 0o755);
    }
    for (const { path, after } of edit) writeFileSync(join(root, path), after);
  } catch (error) {
    undo();
    throw error;
  }
  return undo;
}
