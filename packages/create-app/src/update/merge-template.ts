import { readKind } from '../checkout/template-record.ts';
import { startingPoint } from '../plan/kind.ts';
import { mergeJson } from './merge-json.ts';
import { type Files, type ScratchRepository, scratchRepository } from './scratch-repository.ts';

export interface FileChange {
  path: string;
  outcome: 'updated' | 'merged' | 'added' | 'removed' | 'conflict';
  /** Undefined leaves the app's file as it is; null removes it. */
  content?: Buffer | null;
  executable?: boolean;
  note?: string;
}

export interface TemplateMerge {
  changes: FileChange[];
  /** The app's dependencies are others than before. */
  needsInstall: boolean;
  /** The app's tables are others than before: its own history lacks a migration. */
  needsMigration: boolean;
}

/** Commits of the checkout; without `from` nothing is known of the template as the app once took it. */
export interface MergePoints {
  name: string;
  from: string | undefined;
  to: string;
}

/** Tables' history belongs to the app, and so does what it says about itself. */
const isOwn = (path: string) => path === 'manifest.ts' || path.startsWith('prisma/migrations/');

/**
 * What the template's changes mean for an app at HEAD. The app's edits stay; where a person has to decide, the outcome
 * is `conflict`. Without a common state every difference is one.
 */
export function mergeTemplate(root: string, { name, from, to }: MergePoints): TemplateMerge {
  using scratch = scratchRepository(root);
  const app = scratch.files('HEAD', `apps/${name}`);
  const kind = readKind(root, name);
  const begunWith = (commit: string) => scratch.add(startingPoint(root, kind, commit));
  const base: Files = from ? begunWith(from) : new Map();
  const template = begunWith(to);
  const json = mergePackage(scratch, app, base, template);
  const sides = [base, app, template].map((files) => withOwn(files, app, json.object));
  const [before = base, ours = app, theirs = template] = sides;
  const { files, conflicts } = scratch.merge(before, ours, theirs);

  const paths = new Set([...ours.keys(), ...files.keys(), ...conflicts.keys(), 'package.json']);
  const changes = [...paths].toSorted().flatMap((path) => {
    const [own, merged] = [app.get(path), files.get(path)];
    const isSame = own?.object === merged?.object && own?.mode === merged?.mode;
    const note = path === 'package.json' ? json.note : conflicts.get(path);
    if (isSame && !note) return [];
    const content = merged ? scratch.read(merged.object) : null;
    const wasEdited = own?.object !== before.get(path)?.object || path === 'package.json';
    const outcome = note ? 'conflict' : !own ? 'added' : !merged ? 'removed' : wasEdited ? 'merged' : 'updated';
    const change: FileChange = { path, outcome, ...(note && { note }) };
    return isSame ? change : { ...change, content, executable: merged?.mode === '100755' };
  });
  return {
    changes,
    needsInstall: json.needsInstall,
    needsMigration: changes.some(({ path, content }) => path === 'prisma/schema.prisma' && content !== undefined),
  };
}

/** A side of the merge in which what git is not to merge is the same as on the others. */
function withOwn(files: Files, app: Files, json: string): Files {
  const shared = [...files].filter(([path]) => !isOwn(path));
  const own = [...app].filter(([path]) => isOwn(path));
  return new Map([...shared, ...own, ['package.json', { mode: '100644', object: json }]]);
}

/**
 * Key by key, because lines of JSON that are neighbours are not one change. The name and the record are the app's own.
 */
function mergePackage(scratch: ScratchRepository, app: Files, base: Files, template: Files) {
  const [own, before, now] = [app, base, template].map((files) => {
    const file = files.get('package.json');
    return file ? JSON.parse(scratch.read(file.object).toString()) : {};
  });
  const identity = { name: own.name, template: own.template };
  const { value, conflicts } = mergeJson(own, { ...before, ...identity }, { ...now, ...identity });
  const dependencies = (each: typeof own) => JSON.stringify([each.dependencies, each.devDependencies]);
  const isSame = JSON.stringify(value) === JSON.stringify(own);
  return {
    object: isSame ? (app.get('package.json')?.object ?? '') : scratch.write(`${JSON.stringify(value, null, 2)}\n`),
    note: conflicts.join('; ') || undefined,
    needsInstall: dependencies(value) !== dependencies(own),
  };
}
