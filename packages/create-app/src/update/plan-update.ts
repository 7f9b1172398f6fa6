import { mergeJson } from './merge-json.ts';
import { mergeText } from './merge-text.ts';

export type Files = ReadonlyMap<string, string>;

export interface FileChange {
  path: string;
  outcome: 'updated' | 'merged' | 'added' | 'removed' | 'conflict';
  /** Undefined leaves the app's file as it is; null removes it. */
  text?: string | null;
  note?: string;
}

/** Tables and their history belong to the app, and so does what it says about itself. */
const isOwn = (path: string) => path === 'manifest.ts' || path.startsWith('prisma/migrations/');

/**
 * What the template's changes since `base` mean for an app. The app's edits stay; where a person has to decide, the
 * outcome is `conflict`.
 */
export function planUpdate(ours: Files, base: Files, theirs: Files): FileChange[] {
  const paths = [...new Set([...base.keys(), ...theirs.keys()])].filter((path) => !isOwn(path)).toSorted();
  return paths.flatMap((path) => changeOf(path, ours.get(path), base.get(path), theirs.get(path)) ?? []);
}

function changeOf(path: string, ours?: string, base?: string, theirs?: string): FileChange | undefined {
  if (theirs === base || theirs === ours) return undefined;
  if (path === 'package.json') return packageChange(ours ?? '{}', base ?? '{}', theirs ?? '{}');
  if (ours === base) {
    if (theirs === undefined) return { path, outcome: 'removed', text: null };
    return { path, outcome: base === undefined ? 'added' : 'updated', text: theirs };
  }
  if (theirs === undefined) return { path, outcome: 'conflict', note: 'the template no longer has it; yours was kept' };
  if (ours === undefined) return { path, outcome: 'conflict', note: 'you removed it, and the template changed it' };
  const { text, conflicts } = mergeText({ ours, base: base ?? '', theirs });
  if (conflicts === 0) return { path, outcome: 'merged', text };
  return { path, outcome: 'conflict', text, note: `${conflicts} marked in the file` };
}

/** The name and the template's commit are the app's own. */
function packageChange(ours: string, base: string, theirs: string): FileChange | undefined {
  const own = JSON.parse(ours);
  const identity = { name: own.name, template: own.template };
  const before = { ...JSON.parse(base), ...identity };
  const { value, conflicts } = mergeJson(own, before, { ...JSON.parse(theirs), ...identity });
  const text = `${JSON.stringify(value, null, 2)}\n`;
  if (conflicts.length) return { path: 'package.json', outcome: 'conflict', text, note: conflicts.join('; ') };
  return text === ours ? undefined : { path: 'package.json', outcome: 'merged', text };
}
