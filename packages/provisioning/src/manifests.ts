import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { AppManifest } from '@gatehouse/directory/manifest';

export interface LocatedApp {
  manifest: AppManifest;
  /** The app's folder. */
  directory: string;
}

/**
 * Every app below `apps/` that has a manifest, in the order of their positions.
 * @param version new for each reading by a process that has read them before and is to see what changed since
 */
export async function loadManifests(root: string, version = ''): Promise<LocatedApp[]> {
  const directories = readdirSync(join(root, 'apps')).map((name) => join(root, 'apps', name));
  const found = directories.filter((directory) => existsSync(join(directory, 'manifest.ts')));
  const apps = await Promise.all(
    found.map(async (directory) => {
      const module: { default: AppManifest } = await import(manifestUrl(directory, version));
      return { manifest: module.default, directory };
    }),
  );
  return apps.sort((a, b) => a.manifest.position - b.manifest.position);
}

function manifestUrl(directory: string, version: string): string {
  const { href } = pathToFileURL(join(directory, 'manifest.ts'));
  return version ? `${href}?${version}` : href;
}
