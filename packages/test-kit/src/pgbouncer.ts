import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { freePort } from '@gatehouse/launcher/ports';

export interface PgBouncer {
  /** The same URL, through the pooler. */
  through(url: string): string;
  stop(): Promise<void>;
}

/** The machine's PgBouncer; `undefined` where it has none. */
export const pgbouncer = ['/usr/sbin/pgbouncer', '/usr/local/bin/pgbouncer', '/opt/homebrew/bin/pgbouncer'].find(
  (path) => existsSync(path),
);

/**
 * PgBouncer in transaction mode before a PostgreSQL server, on a port of its own: few connections that every
 * transaction shares, and whoever may log in at the server may at the pooler.
 *
 * @param serverUrl of a superuser, with a password
 */
export async function startPgBouncer(serverUrl: string): Promise<PgBouncer> {
  if (!pgbouncer) throw new Error('This machine has no PgBouncer');
  const server = new URL(serverUrl);
  const owner = decodeURIComponent(server.username);
  const folder = mkdtempSync(join(tmpdir(), 'gatehouse-pgbouncer-'));
  const port = await freePort();
  const files = {
    'users.txt': `"${owner}" "${decodeURIComponent(server.password)}"\n`,
    'pgbouncer.ini': [
      '[databases]',
      `* = host=${server.hostname === 'localhost' ? '127.0.0.1' : server.hostname} port=${server.port} auth_user=${owner}`,
      '[pgbouncer]',
      `listen_addr = 127.0.0.1`,
      `listen_port = ${port}`,
      'unix_socket_dir =',
      'pool_mode = transaction',
      'default_pool_size = 5',
      'max_client_conn = 1000',
      'auth_type = scram-sha-256',
      `auth_file = ${join(folder, 'users.txt')}`,
      'auth_query = SELECT usename, passwd FROM pg_shadow WHERE usename = $1',
      // It refuses to run as root.
      ...(process.getuid?.() === 0 ? ['user = nobody'] : []),
    ].join('\n'),
  };
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  chmodSync(folder, 0o755);
  const child = spawn(pgbouncer, ['-q', join(folder, 'pgbouncer.ini')], { stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => (said += chunk));
  const ended = once(child, 'exit');
  while (!(await answers(port))) {
    if (child.exitCode !== null) throw new Error(`PgBouncer ended: ${said}`);
    await delay(20);
  }
  return {
    through(url) {
      const pooled = new URL(url);
      pooled.host = `127.0.0.1:${port}`;
      return pooled.href;
    },
    async stop() {
      child.kill('SIGTERM');
      await ended;
      rmSync(folder, { recursive: true });
    },
  };
}

async function answers(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}
