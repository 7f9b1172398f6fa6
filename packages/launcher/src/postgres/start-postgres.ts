import { mkdirSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { freePort } from '../ports/index.ts';
import { postgresFolder } from './binaries.ts';
import { exclusively } from './exclusive.ts';
import { initialiseData } from './initialise.ts';
import { launchServer } from './launch-server.ts';
import { findRunningServer } from './pid-file.ts';
import { type Placement, placeServer } from './placement.ts';
import { PostgresError } from './postgres-error.ts';
import { stopServer } from './stop-server.ts';

export type PostgresOptions = {
  /** Made on first use; the superuser's password goes to `DATA_DIR.password`, the server's log to `DATA_DIR.log`. */
  dataDir: string;
  /** 0 takes a free port. */
  port: number;
  /** False trades safety against power loss for speed: for databases that tests throw away. Default true. */
  durable?: boolean;
  /** False does as on systems that refuse user namespaces; only root's server uses them. Default true. */
  userNamespaces?: boolean;
  log?: (line: string) => void;
};

export type PostgresServer = {
  /** Superuser `gatehouse`, database `postgres`. */
  ownerUrl: string;
  port: number;
  /** Whether a server left running by an earlier process was taken over. */
  adopted: boolean;
  stop(): Promise<void>;
};

/**
 * Runs a real PostgreSQL on 127.0.0.1 on this data folder, or takes over the one that already runs on it. It outlives
 * this process unless `stop` is called. Several processes may call this at once for one folder: one starts, the
 * others adopt.
 * @throws PostgresError
 */
export async function startPostgres(options: PostgresOptions): Promise<PostgresServer> {
  const requested = resolve(options.dataDir);
  mkdirSync(dirname(requested), { recursive: true });
  const binaries = await postgresFolder();
  return exclusively(`${requested}.lock`, async () => {
    const placement = placeServer({ dataDir: requested, binaries, userNamespaces: options.userNamespaces ?? true });
    const password = initialiseData(placement);
    const adopted = await adopt(placement, password, options);
    if (adopted) return adopted;

    const port = options.port || (await freePort());
    const logFile = `${requested}.log`;
    const pid = await launchServer(placement, { port, logFile, durable: options.durable ?? true });
    options.log?.(`PostgreSQL started on port ${port}`);
    return { ownerUrl: urlOf(password, port), port, adopted: false, stop: () => stopServer(pid) };
  });
}

async function adopt(
  placement: Placement,
  password: string,
  { port, log }: PostgresOptions,
): Promise<PostgresServer | undefined> {
  const running = findRunningServer(placement.dataDir);
  if (!running) return undefined;
  const ownerUrl = urlOf(password, running.port);
  if (!(await answersWithin(10_000, ownerUrl))) {
    const message = `A PostgreSQL runs on ${placement.dataDir} (pid ${running.pid}) but does not answer: end it first.`;
    throw new PostgresError('start_failed', message);
  }
  if (port !== 0 && port !== running.port) {
    await stopServer(running.pid);
    return undefined;
  }
  log?.(`PostgreSQL was still running on port ${running.port}`);
  return { ownerUrl, port: running.port, adopted: true, stop: () => stopServer(running.pid) };
}

/** A server that was just started by somebody else, or is recovering from a crash, needs a moment. */
async function answersWithin(patience: number, url: string): Promise<boolean> {
  const deadline = Date.now() + patience;
  do {
    const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2_000 });
    client.on('error', () => undefined);
    try {
      await client.connect();
      return true;
    } catch {
      await delay(100);
    } finally {
      await client.end().catch(() => undefined);
    }
  } while (Date.now() < deadline);
  return false;
}

function urlOf(password: string, port: number): string {
  return `postgresql://gatehouse:${password}@127.0.0.1:${port}/postgres`;
}
