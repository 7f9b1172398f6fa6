import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const root = join(import.meta.dirname, '..', '..', '..', '..');

/** What the generator looks at; everything of the template. */
const looked =
  /^(docker-compose\.yml|docs\/template-changes\.md|packages\/create-app\/kinds\/.*|pnpm-lock\.yaml|\.gitignore|(apps|packages)\/[^/]+\/package\.json|prisma\/package\.json|apps\/[^/]+\/manifest\.ts|apps\/template\/.*)$/;

export interface TemporaryCheckout {
  root: string;
  git(...args: string[]): string;
  remove(): void;
}

/** A git checkout with the files of this one that the generator looks at, committed, nothing installed. */
export function temporaryCheckout(): TemporaryCheckout {
  const folder = mkdtempSync(join(tmpdir(), 'gatehouse create app '));
  const git = (...args: string[]) =>
    execFileSync('git', ['-c', 'user.name=test', '-c', 'user.email=test@test', ...args], {
      cwd: folder,
      encoding: 'utf8',
    });
  const listed = execFileSync('git', ['ls-files', '-z'], { cwd: root, encoding: 'utf8' }).split('\0');
  for (const file of listed.filter((each) => looked.test(each))) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    cpSync(join(root, file), join(folder, file));
  }
  // The template's first version, whatever its changes since; tests list changes of their own.
  const changes = join(folder, 'docs', 'template-changes.md');
  writeFileSync(changes, readFileSync(changes, 'utf8').replace(/^## (?:[2-9]|1\d).*?(?=^## 1 )/ms, ''));
  // Manifests import it.
  mkdirSync(join(folder, 'node_modules', '@gatehouse'), { recursive: true });
  symlinkSync(join(root, 'packages', 'directory'), join(folder, 'node_modules', '@gatehouse', 'directory'));
  git('init', '--quiet', '--initial-branch=main');
  git('add', '--all');
  git('commit', '--quiet', '--message=everything');
  return { root: folder, git, remove: () => rmSync(folder, { recursive: true, force: true }) };
}
