import { execFileSync } from 'node:child_process';
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
 * Reads what git tracks of a folder, from the commit and not from the working tree: the app says from which commit it
 * is, and that has to be true.
 * @throws {CreateAppError} no_template
 */
export function readCommitted(root: string, folder: string): Committed {
  const commit = runGit(root, ['log', '-1', '--format=%H', '--', folder]).toString().trim();
  if (!commit) throw new CreateAppError('no_template', `There is no commit with ${folder} in it.`);
  return { commit, files: readCommittedAt(root, folder, commit) };
}

/**
 * The same at a commit of one's choice.
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
