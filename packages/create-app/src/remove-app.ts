import { mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { loadManifests } from '@gatehouse/provisioning';
import { replaceFile } from './apply/replace-file.ts';
import { CreateAppError } from './errors.ts';
import { withoutService } from './plan/compose-file.ts';
import { withoutImporter } from './plan/lockfile.ts';
import type { Edit } from './plan/plan-app.ts';

/** What removing an app changes in the checkout. Nothing has happened yet. */
export interface Removal {
  name: string;
  title: string;
  schema: string | undefined;
  edit: Edit[];
}

/** @throws {CreateAppError} name_refused for what is not an app that was made from the template */
export async function planRemoval(root: string, name: string): Promise<Removal> {
  const app = (await loadManifests(root)).find(({ manifest }) => manifest.clientId === name);
  if (!app) throw new CreateAppError('name_refused', `There is no app ${JSON.stringify(name)}.`);
  const { template } = JSON.parse(readFileSync(join(app.directory, 'package.json'), 'utf8'));
  if (!template) {
    throw new CreateAppError('name_refused', `${name} was not made by new-app, and others may build on it.`);
  }
  const edit = [
    { path: 'docker-compose.yml', change: withoutService },
    { path: 'pnpm-lock.yaml', change: withoutImporter },
  ].map(({ path, change }) => {
    const before = readFileSync(join(root, path), 'utf8');
    return { path, before, after: change(before, name) };
  });
  return { name, title: app.manifest.title, schema: app.manifest.schema, edit };
}

/**
 * Takes the app out of the checkout. Its folder is moved, not deleted: there may be work in it that git has not seen.
 * @param local where it is kept
 * @returns the folder's new place
 * @throws when something cannot be written; the checkout is as it was then
 */
export function applyRemoval({ name, edit }: Removal, root: string, local: string): string {
  const folder = join(root, 'apps', name);
  const kept = join(local, 'removed-apps', `${name}-${new Date().toISOString().replaceAll(':', '-')}`);
  for (const made of ['node_modules', 'prisma/generated', '.local', '.turbo']) {
    rmSync(join(folder, made), { recursive: true, force: true });
  }
  mkdirSync(join(local, 'removed-apps'), { recursive: true });
  using undo = new DisposableStack();
  for (const { path, before, after } of edit) {
    replaceFile(join(root, path), after);
    undo.defer(() => replaceFile(join(root, path), before));
  }
  renameSync(folder, kept);
  undo.move();
  return kept;
}
