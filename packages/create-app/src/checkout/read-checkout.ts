import { globSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AppManifest } from '@gatehouse/directory/manifest';
import { isFree } from '@gatehouse/launcher';
import { departments } from '@gatehouse/prisma/seed';
import { loadManifests } from '@gatehouse/provisioning';
import { type Kind, noOverlay, type Overlay, overlayFolders, readOverlay } from '../plan/kind.ts';
import { type Committed, lastCommitOf, readCommittedAt } from './git.ts';
import { templateVersion } from './template-changes.ts';
import type { TemplateRecord } from './template-record.ts';

/** What planning an app has to know of the checkout and of this machine. */
export interface Checkout {
  template: Committed & TemplateRecord;
  overlay: Overlay;
  manifests: AppManifest[];
  /** Of apps, packages and folders. */
  takenNames: ReadonlySet<string>;
  /** Port offsets that no manifest has and on whose ports nothing listens, ascending. */
  freeOffsets: number[];
  /** Codes of the departments that the demo organisation has. */
  departments: string[];
  compose: string;
  lockfile: string;
}

/**
 * @param portBase where the organisation's ports begin
 * @param kind of the app that is planned
 */
export async function readCheckout(root: string, portBase: number, kind: Kind = 'page'): Promise<Checkout> {
  const manifests = (await loadManifests(root)).map(({ manifest }) => manifest);
  const [overlay] = overlayFolders(kind);
  const commit = lastCommitOf(root, 'apps/template', ...overlayFolders(kind));
  return {
    template: { commit, version: templateVersion(root), files: readCommittedAt(root, 'apps/template', commit) },
    overlay: overlay ? readOverlay(readCommittedAt(root, overlay, commit)) : noOverlay,
    manifests,
    takenNames: takenNames(root),
    freeOffsets: await freeOffsets(manifests, portBase),
    departments: departments.map(({ code }) => code),
    compose: readFileSync(join(root, 'docker-compose.yml'), 'utf8'),
    lockfile: readFileSync(join(root, 'pnpm-lock.yaml'), 'utf8'),
  };
}

/** Of apps, packages and folders. */
export function takenNames(root: string): Set<string> {
  const packages = globSync(['*/package.json', '{apps,packages}/*/package.json'], { cwd: root }).map(
    (file) => JSON.parse(readFileSync(join(root, file), 'utf8')).name.replace('@gatehouse/', '') as string,
  );
  return new Set([...packages, ...readdirSync(join(root, 'apps'))]);
}

async function freeOffsets(manifests: AppManifest[], portBase: number): Promise<number[]> {
  const used = new Set(manifests.map(({ portOffset }) => portOffset));
  const candidates = Array.from({ length: 31 }, (_, index) => index + 1).filter((offset) => !used.has(offset));
  const free = await Promise.all(candidates.map((offset) => isFree(portBase + offset)));
  return candidates.filter((_, index) => free[index]);
}
