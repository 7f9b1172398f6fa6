import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { readCommitted, readCommittedAt } from '../checkout/git.ts';
import { CreateAppError } from '../errors.ts';
import { type FileChange, type Files, planUpdate } from './plan-update.ts';

export interface UpdateOptions {
  root: string;
  name: string;
  dryRun: boolean;
  /** The template's commit whose conflicts a person has resolved: only note it. */
  resolved?: string | undefined;
}

export interface AppUpdate {
  name: string;
  /** The template's commits before and after. */
  from: string;
  to: string;
  changes: FileChange[];
}

/**
 * Merges what changed in the template since the app was made or last updated into the app. With a conflict the commit
 * that the app records stays, until `resolved` says that a person has decided.
 * @throws {CreateAppError}
 */
export function updateApp({ root, name, dryRun, resolved }: UpdateOptions): AppUpdate {
  const folder = `apps/${name}`;
  const from = recordedCommit(root, name);
  const template = readCommitted(root, 'apps/template');
  const to = resolved ?? template.commit;
  if (resolved) {
    readCommittedAt(root, 'apps/template', resolved);
    requireNoMarkers(root, folder);
    record(root, folder, to);
    return { name, from, to, changes: [] };
  }
  requireClean(root, folder);
  if (from === to) return { name, from, to, changes: [] };
  const before = readCommittedAt(root, 'apps/template', from);
  const changes = planUpdate(filesOf(readCommittedAt(root, folder, 'HEAD')), filesOf(before), filesOf(template.files));
  if (!dryRun) {
    for (const change of changes) write(join(root, folder, change.path), change.text);
    if (!changes.some(({ outcome }) => outcome === 'conflict')) record(root, folder, to);
  }
  return { name, from, to, changes };
}

/** The template's commit that the app's package.json names. */
export function recordedCommit(root: string, name: string): string {
  const file = join(root, 'apps', name, 'package.json');
  const commit = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')).template : undefined;
  if (typeof commit === 'string' && /^[0-9a-f]{40}$/.test(commit)) return commit;
  throw new CreateAppError('no_template', `apps/${name} names no template commit: pnpm new-app did not make it.`);
}

function filesOf(files: { path: string; content: Buffer }[]): Files {
  return new Map(files.map(({ path, content }) => [path, content.toString()]));
}

function write(file: string, text: string | null | undefined): void {
  if (text === undefined) return;
  if (text === null) return rmSync(file);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

function record(root: string, folder: string, commit: string): void {
  const file = join(root, folder, 'package.json');
  const own = { ...JSON.parse(readFileSync(file, 'utf8')), template: commit };
  writeFileSync(file, `${JSON.stringify(own, null, 2)}\n`);
}

function requireClean(root: string, folder: string): void {
  const status = execFileSync('git', ['status', '--porcelain', '--', folder], { cwd: root, encoding: 'utf8' });
  if (!status) return;
  throw new CreateAppError('not_clean', `${folder} has changes that are not committed; commit them first:\n${status}`);
}

function requireNoMarkers(root: string, folder: string): void {
  const args = ['ls-files', '-z', '--cached', '--others', '--exclude-standard', folder];
  const files = execFileSync('git', args, { cwd: root, encoding: 'utf8' }).split('\0').filter(Boolean);
  const marked = files.filter((file) => {
    return existsSync(join(root, file)) && /^(<{7}|>{7}) /m.test(readFileSync(join(root, file), 'utf8'));
  });
  if (marked.length) throw new CreateAppError('not_clean', `There are still conflicts in ${marked.join(', ')}.`);
}
