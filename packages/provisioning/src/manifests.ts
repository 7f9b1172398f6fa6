import { existsSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type AppManifest, parseManifest } from '@gatehouse/directory/manifest';

export interface LocatedApp {
  manifest: AppManifest;
  /** The app's folder. */
  directory: string;
}

/**
 * Every app below `apps/` that has a manifest, in the order of their positions.
 *
 * @throws {Error} for a manifest that says it is another app's, or that has a fault
 * @param version new for each reading by a process that has read them before and is to see what changed since
 */
export async function loadManifests(root: string, version = ''): Promise<LocatedApp[]> {
  const apps = await readManifests(root, version);
  apps.forEach(requireOwn);
  return apps;
}

/** The same for whoever looks for faults: also a manifest that says it is another app's. */
export async function readManifests(root: string, version = ''): Promise<LocatedApp[]> {
  const directories = readdirSync(join(root, 'apps')).map((name) => join(root, 'apps', name));
  const found = directories.filter((directory) => existsSync(join(directory, 'manifest.ts')));
  const apps = await Promise.all(
    found.map(async (directory) => {
      const module: { default: unknown } = await import(manifestUrl(directory, version));
      return { manifest: parseManifest(module.default), directory };
    }),
  );
  return apps.sort((a, b) => a.manifest.position - b.manifest.position);
}

/** A team's folder is its name: with another's client id it would take that app's registration and login. */
function requireOwn({ directory, manifest }: LocatedApp): void {
  const folder = basename(directory);
  if (manifest.clientId === folder) return;
  throw new Error(`The manifest of apps/${folder} has the client id ${manifest.clientId}; it has to be ${folder}`);
}

function manifestUrl(directory: string, version: string): string {
  const { href } = pathToFileURL(join(directory, 'manifest.ts'));
  return version ? `${href}?${version}` : href;
}
