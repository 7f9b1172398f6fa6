import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chownSync, existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Placement } from './placement.ts';
import { PostgresError } from './postgres-error.ts';

/**
 * Makes the data folder on first use, with superuser `gatehouse` and a random password kept in a file beside it, and
 * returns the password. The folder takes its name only when complete, so an interrupted attempt leaves nothing behind.
 * @throws PostgresError init_failed
 */
export function initialiseData(placement: Placement): string {
  const { dataDir, passwordFile, owner } = placement;
  if (existsSync(join(dataDir, 'PG_VERSION'))) return readFileSync(passwordFile, 'utf8').trim();

  const unfinished = `${dataDir}.new`;
  rmSync(unfinished, { recursive: true, force: true });
  const password = randomBytes(24).toString('base64url');
  writeFileSync(passwordFile, `${password}\n`, { mode: 0o600 });
  if (owner) chownSync(passwordFile, owner.uid, owner.gid);

  const [program, args] = placement.command('initdb', [
    `--pgdata=${unfinished}`,
    '--username=gatehouse',
    `--pwfile=${passwordFile}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    '--locale=C',
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
  ]);
  const { status, stdout, stderr, error } = spawnSync(program, args, { ...owner, cwd: '/', encoding: 'utf8' });
  if (status !== 0) {
    const detail = (stderr || stdout || error?.message || '').trim().split('\n').slice(-3).join(' ');
    throw new PostgresError('init_failed', `PostgreSQL could not make its data folder: ${detail}`, { cause: error });
  }
  renameSync(unfinished, dataDir);
  return password;
}
