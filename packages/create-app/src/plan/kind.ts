import type { AppManifest } from '@gatehouse/directory/manifest';
import { type Committed, type CommittedFile, readCommittedAt } from '../checkout/git.ts';

/** What an app can begin as: pages for people; an API for other apps and no pages; pages and a background job. */
export const kinds = ['page', 'api', 'job'] as const;
export type Kind = (typeof kinds)[number];

/** The folder that is laid over the template, if any is. */
export const overlayFolders = (kind: Kind): string[] => (kind === 'page' ? [] : [`packages/create-app/kinds/${kind}`]);

/**
 * The files that an app of this kind begins with, as they were at a commit.
 * @throws {CreateAppError} no_template
 */
export function startingPoint(root: string, kind: Kind, commit: string): CommittedFile[] {
  const [overlay] = overlayFolders(kind);
  const template = readCommittedAt(root, 'apps/template', commit);
  return overlay ? layOver(template, readOverlay(readCommittedAt(root, overlay, commit))) : template;
}

/** How a kind differs from the template: `packages/create-app/kinds/KIND`, laid over it. */
export interface Overlay {
  /** Files of the template that an app of this kind does not have. */
  without: string[];
  /** What its manifest says in place of the template's. */
  manifest: Partial<Pick<AppManifest, 'roles' | 'api'>>;
  files: CommittedFile[];
}

export const noOverlay: Overlay = { without: [], manifest: {}, files: [] };

/** @param files of the kind's folder, with its `kind.json` */
export function readOverlay(files: CommittedFile[]): Overlay {
  const about = files.find(({ path }) => path === 'kind.json');
  const { without, manifest }: Omit<Overlay, 'files'> = JSON.parse(about?.content.toString() ?? '');
  return { without, manifest, files: files.filter((file) => file !== about) };
}

/** The files of an app of this kind. */
export function layOver(template: Committed['files'], { without, files }: Overlay): CommittedFile[] {
  const gone = [...without, ...files.map(({ path }) => path)];
  const all = [...template.filter(({ path }) => !gone.includes(path)), ...files];
  return all.sort((one, other) => (one.path < other.path ? -1 : 1));
}
