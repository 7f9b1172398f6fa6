import pg from 'pg';
import { clientFor, type Pooler } from './pooler.ts';

export { isPooled, type Pooler } from './pooler.ts';

export interface Database {
  pool: pg.Pool;
  close(): Promise<void>;
}

export interface ConnectOptions {
  /** Seen in pg_stat_activity. */
  applicationName: string;
  /** Connections at most; 10 by default. */
  max?: number;
  /** What the URL leads to in PostgreSQL's place. Default: what the first connection finds. */
  pooler?: Pooler | undefined;
  /** Told of connections that break while idle, which is no failure: the pool opens another. And of a pooler found. */
  log?: { warn(fields: object, message: string): void };
}

/**
 * Opens the user database. Connects on the first query, so a process starts while the database is away.
 * A query that finds no free connection for five seconds fails.
 */
export function connect(url: string, { applicationName, max = 10, pooler, log }: ConnectOptions): Database {
  const pool = new pg.Pool({
    connectionString: url,
    application_name: applicationName,
    max,
    connectionTimeoutMillis: 5_000,
    idleTimeoutMillis: 60_000,
    Client: clientFor(pooler, () => log?.warn({}, poolerFound)),
  });
  pool.on('error', (err) => log?.warn({ err }, 'a database connection broke'));
  return { pool, close: () => pool.end() };
}

const poolerFound =
  'DATABASE_URL leads to a pooler such as PgBouncer, not to PostgreSQL: set DATABASE_POOLER=transaction';
