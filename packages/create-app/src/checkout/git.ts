import { execFileSync, spawnSync } from 'node:child_process';
import { CreateAppError } from '../errors.ts';

export interface CommittedFile {
  /** Within the folder. */
  path: string;
  content: Buffer;
  executable: boolean;
}

/** A folder at the newest commit that changed it. */
export interface Committed {
  commit: string;
  files: CommittedFile[];
}

/**
 * The newest commit that changed one of these folders.
 * @throws {CreateAppError} no_template
 */
export function lastCommitOf(root: string, ...folders: string[]): string {
  const commit = runGit(root, ['log', '-1', '--format=%H', '--', ...folders])
    .toString()
    .trim();
  if (!commit) throw new CreateAppError('no_template', `There is no commit with ${folders.join(', ')} in it.`);
  return commit;
}

/** Whether this clone has the commit, with the folder in it: history may be rewritten or shallow. */
export function hasCommitted(root: string, folder: string, commit: string): boolean {
  return spawnSync('git', ['cat-file', '-e', `${commit}:${folder}`], { cwd: root, stdio: 'ignore' }).status === 0;
}

/**
 * Reads what git tracks of a folder, from a commit and not from the working tree: the app says from which commit it is,
 * and that has to be true.
 * @throws {CreateAppError} no_template, also when this clone does not have the commit
 */
export function readCommittedAt(root: string, folder: string, commit: string): CommittedFile[] {
  const listed = runGit(root, ['ls-tree', '-r', '-z', '--full-tree', commit, `${folder}/`]).toString();
  const entries = listed.split('\0').filter(Boolean).map(parseEntry);
  const objects = entries.map(({ object }) => `${object}\n`).join('');
  const contents = splitBatch(runGit(root, ['cat-file', '--batch'], objects));
  return entries.map(({ path, mode }, index) => ({
    path: path.slice(folder.length + 1),
    content: contents[index] ?? Buffer.alloc(0),
    executable: mode === '100755',
  }));
}

/** `100644 blob OBJECT\tPATH` */
function parseEntry(line: string) {
  const [about = '', path = ''] = line.split('\t');
  const [mode = '', , object = ''] = about.split(' ');
  return { path, mode, object };
}

/** Each object is a line `OBJECT blob SIZE`, its content and a newline. */
function splitBatch(output: Buffer): Buffer[] {
  const contents: Buffer[] = [];
  for (let at = 0; at < output.length; ) {
    const begin = output.indexOf('\n', at) + 1;
    const size = Number(output.subarray(at, begin).toString().trim().split(' ')[2]);
    contents.push(output.subarray(begin, begin + size));
    at = begin + size + 1;
  }
  return contents;
}

function runGit(root: string, args: string[], input = ''): Buffer {
  try {
    return execFileSync('git', args, {
      cwd: root,
      input,
      stdio: ['pipe', 'pipe', 'pipe'],
      maxBuffer: 64 * 1024 * 1024,
    });
  } catch (cause) {
    const reason =
      'An app is made from what git tracks of apps/template: it takes git, and a checkout with its history.';
    throw new CreateAppError('no_template', reason, { cause });
  }
}
