import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CommittedFile } from '../checkout/git.ts';
import { CreateAppError } from '../errors.ts';

/** The files of a tree, by path, each with its mode and the name of its content. */
export type Files = Map<string, { mode: string; object: string }>;

export interface Merged {
  /** A file that conflicts is here too, with its markers. */
  files: Files;
  /** What git says of each file that conflicts. */
  conflicts: ReadonlyMap<string, string>;
}

export interface ScratchRepository extends Disposable {
  /** The files of a folder at a commit of the checkout. */
  files(commit: string, folder: string): Files;
  read(object: string): Buffer;
  write(content: string | Buffer): string;
  /** Files of which the repository may not know the content. */
  add(files: CommittedFile[]): Files;
  /** Three-way, as git merges branches: it follows renames, and marks what both sides changed. */
  merge(base: Files, ours: Files, theirs: Files): Merged;
}

const identity = {
  GIT_AUTHOR_NAME: 'gatehouse',
  GIT_AUTHOR_EMAIL: 'gatehouse@localhost',
  GIT_COMMITTER_NAME: 'gatehouse',
  GIT_COMMITTER_EMAIL: 'gatehouse@localhost',
};
const maxBuffer = 256 * 1024 * 1024;
/** As the markers call the two sides. */
const [yours, now] = ['your-app', 'template-now'];

/** A throw-away repository that sees a checkout's objects: what is merged in it leaves no trace in the checkout. */
export function scratchRepository(root: string): ScratchRepository {
  const folder = mkdtempSync(join(tmpdir(), 'gatehouse-update-'));
  const env: NodeJS.ProcessEnv = { ...process.env, ...identity, GIT_INDEX_FILE: join(folder, 'scratch-index') };
  const git = (args: string[], input: string | Buffer = '') =>
    execFileSync('git', args, { cwd: folder, env, input, maxBuffer });
  const line = (args: string[], input?: string | Buffer) => git(args, input).toString().trim();

  const revParse = (...args: string[]) =>
    execFileSync('git', ['rev-parse', ...args], { cwd: root, encoding: 'utf8' }).trim();
  git(['init', '--quiet', '--bare']);
  const shared = revParse('--path-format=absolute', '--git-path', 'objects');
  writeFileSync(join(folder, 'objects', 'info', 'alternates'), `${shared}\n`);

  const filesOf = (tree: string): Files =>
    new Map(
      fields(git(['ls-tree', '-r', '-z', tree])).map((entry) => {
        const [about = '', path = ''] = entry.split('\t');
        const [mode = '', , object = ''] = about.split(' ');
        return [path, { mode, object }];
      }),
    );
  const write = (content: string | Buffer) => line(['hash-object', '-w', '--stdin'], content);
  const commitOf = (files: Files, ...parents: string[]): string => {
    const entries = [...files].map(([path, { mode, object }]) => `${mode} ${object}\t${path}\0`);
    git(['read-tree', '--empty']);
    git(['update-index', '-z', '--index-info'], entries.join(''));
    return line(['commit-tree', line(['write-tree']), '-m', 'side', ...parents.flatMap((parent) => ['-p', parent])]);
  };

  return {
    files: (commit, path) => filesOf(revParse('--verify', `${commit}:${path}`)),
    read: (object) => git(['cat-file', 'blob', object]),
    write,
    add: (files) =>
      new Map(
        files.map(({ path, content, executable }) => [
          path,
          { mode: executable ? '100755' : '100644', object: write(content) },
        ]),
      ),
    merge(base, ours, theirs) {
      const before = commitOf(base);
      git(['update-ref', `refs/heads/${yours}`, commitOf(ours, before)]);
      git(['update-ref', `refs/heads/${now}`, commitOf(theirs, before)]);
      const options = [
        '-c',
        'merge.conflictStyle=diff3',
        '-c',
        'merge.renames=true',
        '-c',
        'merge.directoryRenames=true',
      ];
      const args = [...options, 'merge-tree', '--write-tree', '-z', '--name-only', yours, now];
      const { status, stdout, stderr } = spawnSync('git', args, { cwd: folder, env, maxBuffer });
      // 0 is a clean merge, 1 one with conflicts.
      if (status !== 0 && status !== 1) {
        throw new CreateAppError('tool_failed', `git merge-tree failed; it takes git 2.38 or newer. ${stderr}`);
      }
      const [tree = '', ...report] = stdout.toString().split('\0');
      return { files: filesOf(tree), conflicts: conflictsIn(report) };
    },
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
  };
}

const fields = (output: Buffer) => output.toString().split('\0').filter(Boolean);

/**
 * The paths, an empty field, then messages: how many paths, the paths, a type and a text (git-merge-tree(1), OUTPUT).
 */
function conflictsIn(report: string[]): Map<string, string> {
  const end = report.indexOf('');
  const conflicts = new Map(report.slice(0, Math.max(end, 0)).map((path) => [path, 'it conflicts']));
  for (let at = end + 1; Number(report[at]) > 0; ) {
    const type = at + 1 + Number(report[at]);
    const message = report[type + 1]?.trim().replace(/^CONFLICT \([^)]*\): /, '') ?? '';
    if (report[type]?.startsWith('CONFLICT')) {
      for (const path of report.slice(at + 1, type)) if (conflicts.has(path)) conflicts.set(path, message);
    }
    at = type + 2;
  }
  return conflicts;
}
