import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { hasCommitted, lastCommitOf } from '../checkout/git.ts';
import { templateVersion } from '../checkout/template-changes.ts';
import { readKind, readRecord, type TemplateRecord, writeRecord } from '../checkout/template-record.ts';
import { CreateAppError } from '../errors.ts';
import { overlayFolders } from '../plan/kind.ts';
import { type FileChange, mergeTemplate, type TemplateMerge } from './merge-template.ts';

export interface UpdateOptions {
  root: string;
  name: string;
  dryRun: boolean;
  /** The template's commit whose conflicts a person has resolved: only note it. */
  resolved?: string | undefined;
}

export interface AppUpdate extends TemplateMerge {
  name: string;
  /** The states of the template before and after. */
  from: TemplateRecord;
  to: TemplateRecord;
  /** Whether this clone has the commit that the app records. Without it every difference is a conflict. */
  isBaseKnown: boolean;
}

/**
 * Merges what changed in the template since the app was made or last updated into the app. With a conflict the state
 * that the app records stays, until `resolved` says that a person has decided.
 * @throws {CreateAppError}
 */
export function updateApp({ root, name, dryRun, resolved }: UpdateOptions): AppUpdate {
  const from = readRecord(root, name);
  const newest = lastCommitOf(root, 'apps/template', ...overlayFolders(readKind(root, name)));
  const commit = resolved ?? newest;
  if (!hasCommitted(root, 'apps/template', commit)) {
    throw new CreateAppError('no_template', `${commit} is not a commit of this clone with apps/template in it.`);
  }
  // The list may have been written after the change, and describes the newest state in any case.
  const to = { version: templateVersion(root, commit === newest ? 'HEAD' : commit), commit };
  const isBaseKnown = hasCommitted(root, 'apps/template', from.commit);
  const nothing = { name, from, to, isBaseKnown, changes: [], needsInstall: false, needsMigration: false };
  if (resolved) {
    requireNoMarkers(root, `apps/${name}`);
    writeRecord(root, name, to);
    return nothing;
  }
  requireClean(root, `apps/${name}`);
  if (from.commit === to.commit && from.version === to.version) return nothing;
  const merge = mergeTemplate(root, { name, from: isBaseKnown ? from.commit : undefined, to: to.commit });
  if (!dryRun) {
    for (const change of merge.changes) write(join(root, 'apps', name, change.path), change);
    if (!merge.changes.some(({ outcome }) => outcome === 'conflict')) writeRecord(root, name, to);
  }
  return { name, from, to, isBaseKnown, ...merge };
}

function write(file: string, { content, executable = false }: FileChange): void {
  if (content === undefined) return;
  if (content === null) return rmSync(file);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
  chmodSync(file, executable ? 0o755 : 0o644);
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
