import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, cpSync, existsSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';

const root = join(import.meta.dirname, '..', '..', '..', '..');

/** A fresh checkout of what is in the working tree, as a clone would make it: nothing installed, nothing built. */
export function copyCheckout(to: string): void {
  const listed = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], { cwd: root });
  for (const file of listed.toString().split('\0').filter(Boolean)) {
    if (!existsSync(join(root, file))) continue;
    mkdirSync(dirname(join(to, file)), { recursive: true });
    cpSync(join(root, file), join(to, file));
  }
}

export function giveTo(folder: string, { uid, gid }: { uid: number; gid: number }): void {
  execFileSync('chown', ['-R', `${uid}:${gid}`, folder]);
  chownSync(folder, uid, gid);
}

export type CommandOptions = {
  cwd: string;
  /** A clean home folder: no cache, no settings. */
  home: string;
  env?: Record<string, string>;
  user?: { uid: number; gid: number };
  /** Put before `npm`, such as `unshare --net` to take the network away. */
  wrapper?: string[];
};

/** `npm COMMAND` on a machine that has Node and npm and nothing else on its PATH. */
export function npm(command: string[], { cwd, home, env, user, wrapper = [] }: CommandOptions) {
  const [program = 'npm', ...args] = [...wrapper, 'npm', ...command];
  const child = spawn(program, args, {
    cwd,
    ...user,
    env: { HOME: home, PATH: hostPath(), npm_config_update_notifier: 'false', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk));
  return {
    child,
    output: () => output,
    exit: once(child, 'exit').then(([code]) => code as number | null),
  };
}

/** PATH without this checkout's own tools, and without any pnpm that this process was started by. */
function hostPath(): string {
  const folders = (process.env.PATH ?? '').split(':').filter((folder) => folder && !folder.startsWith(root));
  return folders.filter((folder) => !existsSync(join(folder, 'pnpm'))).join(':');
}
