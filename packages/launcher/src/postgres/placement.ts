import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chownSync, cpSync, existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { PostgresError } from './postgres-error.ts';

/** Where a server's files are and how its programs are run, so that PostgreSQL never runs as root. */
export type Placement = {
  dataDir: string;
  passwordFile: string;
  /** The program and arguments to spawn for a PostgreSQL program such as `initdb`. */
  command(program: string, args: string[]): [program: string, args: string[]];
  /** The user to switch to when spawning, where the command itself does not. */
  owner?: { uid: number; gid: number };
};

/**
 * PostgreSQL refuses to run as root. For root, its programs run in a user namespace that shows root as an ordinary
 * user, so the files may stay below a folder that only root can enter. Where user namespaces are refused (some
 * containers) and on other systems, programs and data go to /var/lib/gatehouse, owned by `postgres` or `nobody`.
 * @throws PostgresError no_unprivileged_user
 */
export function placeServer(requested: { dataDir: string; binaries: string; userNamespaces: boolean }): Placement {
  const { dataDir, binaries, userNamespaces } = requested;
  const inPlace = { dataDir, passwordFile: `${dataDir}.password` };
  const program = (name: string) => join(binaries, 'bin', name);

  if (process.getuid?.() !== 0) return { ...inPlace, command: (name, args) => [program(name), args] };

  const owner = unprivilegedUser();
  const unshare = ['--user', `--map-user=${owner.uid}`, `--map-group=${owner.gid}`];
  if (userNamespaces && spawnSync('unshare', [...unshare, 'true']).status === 0) {
    return { ...inPlace, command: (name, args) => ['unshare', [...unshare, program(name), ...args]] };
  }
  return placeElsewhere(dataDir, binaries, owner);
}

/** The folder outside the checkout that root's server uses where user namespaces are refused. */
export function elsewhere(dataDir: string): string {
  return join('/var/lib/gatehouse', createHash('sha256').update(dataDir).digest('hex').slice(0, 16));
}

function placeElsewhere(dataDir: string, binaries: string, owner: { uid: number; gid: number }): Placement {
  const home = elsewhere(dataDir);
  const copy = join(home, 'postgresql');
  mkdirSync(home, { recursive: true, mode: 0o755 });
  chownSync(home, owner.uid, owner.gid);
  if (!existsSync(join(copy, 'bin', 'postgres'))) cpSync(binaries, copy, { recursive: true, verbatimSymlinks: true });
  return {
    dataDir: join(home, 'data'),
    passwordFile: join(home, 'data.password'),
    command: (name, args) => [join(copy, 'bin', name), args],
    owner,
  };
}

function unprivilegedUser(): { uid: number; gid: number } {
  for (const name of ['postgres', 'nobody']) {
    try {
      const id = (flag: string) => Number(execFileSync('id', [flag, name], { encoding: 'utf8', stdio: 'pipe' }));
      return { uid: id('-u'), gid: id('-g') };
    } catch {}
  }
  throw new PostgresError('no_unprivileged_user', 'PostgreSQL does not run as root: add a user named postgres.');
}
