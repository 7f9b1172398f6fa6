import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { isFree } from '@gatehouse/launcher';
import { takenNames } from '../checkout/read-checkout.ts';
import { CreateAppError } from '../errors.ts';
import { requireAppName } from '../plan/app-name.ts';
import { requireTitle } from '../plan/plan-app.ts';
import { planOutside } from './plan-outside.ts';

export interface NewOutsideAppOptions {
  name: string;
  title?: string | undefined;
  /** A folder that is not there yet, or empty, and not in this checkout. */
  folder: string;
  root: string;
  portBase: number;
  issuer: string;
  dryRun: boolean;
}

/**
 * Makes an app in a repository of its own, whole or not at all. Nothing in the checkout or at the provider changes.
 * @returns the files and where they are
 * @throws {CreateAppError}
 */
export async function newOutsideApp(options: NewOutsideAppOptions): Promise<{ folder: string; paths: string[] }> {
  const { root, portBase, issuer, dryRun } = options;
  const name = requireAppName(options.name, takenNames(root));
  const folder = requireFolder(resolve(options.folder), root);
  const files = planOutside(root, {
    name,
    title: requireTitle(options.title, name),
    issuer,
    port: await freePortBeside(portBase),
  });
  const paths = files.map(({ path }) => path);
  if (dryRun) return { folder, paths };
  mkdirSync(dirname(folder), { recursive: true });
  const made = mkdtempSync(`${folder}.`);
  try {
    for (const { path, content } of files) {
      mkdirSync(dirname(join(made, path)), { recursive: true });
      writeFileSync(join(made, path), content, { mode: path === '.env' ? 0o600 : 0o644 });
    }
    // Takes the place of an empty folder too.
    renameSync(made, folder);
  } catch (error) {
    rmSync(made, { recursive: true, force: true });
    throw error;
  }
  return { folder, paths };
}

function requireFolder(folder: string, root: string): string {
  const refuse = (reason: string) =>
    new CreateAppError('folder_refused', `The app cannot be made in ${folder}: ${reason}.`);
  if (!relative(root, folder).startsWith('..'))
    throw refuse('it is in this checkout, where pnpm new-app makes apps by itself');
  if (existsSync(folder) && readdirSync(folder).length > 0) throw refuse('there is something in it');
  return folder;
}

/** Beyond the ports of the organisation, so that both run side by side. */
async function freePortBeside(portBase: number): Promise<number> {
  for (let port = portBase + 40; port < portBase + 90; port++) if (await isFree(port)) return port;
  throw new CreateAppError('no_place', `No port from ${portBase + 40} to ${portBase + 89} is free.`);
}
