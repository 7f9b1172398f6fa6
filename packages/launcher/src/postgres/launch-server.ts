import { spawn } from 'node:child_process';
import { closeSync, fstatSync, openSync, readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { isRunning } from '../processes/process-identity.ts';
import { readPidFile } from './pid-file.ts';
import type { Placement } from './placement.ts';
import { PostgresError } from './postgres-error.ts';

const startDeadline = 30_000;

/** Backends of a killed server hold its shared memory for a moment after it. */
const stillInUse = 'pre-existing shared memory block';

export type ServerSettings = { port: number; logFile: string; durable: boolean };

/**
 * Starts the server and waits until it takes connections; returns its pid. It is a session leader of its own, so a
 * Ctrl-C in the terminal reaches only the launcher, which then stops it last. Its output goes to a file rather than
 * a pipe, so it lives on when the launcher is killed, to be adopted by the next start.
 * @throws PostgresError port_busy, start_failed
 */
export async function launchServer(placement: Placement, settings: ServerSettings): Promise<number> {
  const deadline = Date.now() + startDeadline;
  for (;;) {
    const attempt = await tryOnce(placement, settings, deadline);
    if (typeof attempt === 'number') return attempt;
    if (!attempt.includes(stillInUse) || Date.now() > deadline) throw failure(attempt, settings.port);
    await delay(100);
  }
}

async function tryOnce(placement: Placement, settings: ServerSettings, deadline: number): Promise<number | string> {
  const { dataDir, owner } = placement;
  const log = openSync(settings.logFile, 'a', 0o600);
  const logStart = fstatSync(log).size;
  const [program, args] = placement.command('postgres', ['-D', dataDir, ...serverOptions(settings)]);
  const child = spawn(program, args, { ...owner, cwd: '/', detached: true, stdio: ['ignore', log, log] });
  closeSync(log);
  child.unref();
  const spawnError = new Promise<string>((resolve) => child.once('error', (error) => resolve(error.message)));
  if (child.pid === undefined) return spawnError;

  while (Date.now() < deadline) {
    const state = readPidFile(dataDir);
    if (state?.pid === child.pid && state.ready) return child.pid;
    if (child.exitCode !== null || !isRunning(child.pid)) break;
    await delay(20);
  }
  if (isRunning(child.pid)) child.kill('SIGQUIT');
  return readFileSync(settings.logFile).subarray(logStart).toString('utf8');
}

function serverOptions({ port, durable }: ServerSettings): string[] {
  const options = {
    listen_addresses: '127.0.0.1',
    port,
    unix_socket_directories: '',
    max_connections: 200,
    timezone: 'UTC',
    log_timezone: 'UTC',
    ...(durable ? {} : { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', autovacuum: 'off' }),
  };
  return Object.entries(options).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}

function failure(log: string, port: number): PostgresError {
  if (/address already in use|could not bind/i.test(log)) {
    return new PostgresError('port_busy', `Port ${port} is in use by another program.`);
  }
  const reason = log.split('\n').findLast((line) => /FATAL|ERROR|PANIC/.test(line)) ?? log.trim();
  return new PostgresError('start_failed', `PostgreSQL did not start: ${reason || 'it gave no reason'}`);
}
