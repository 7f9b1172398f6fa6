import pg from 'pg';

export interface Database {
  pool: pg.Pool;
  close(): Promise<void>;
}

export interface ConnectOptions {
  /** Seen in pg_stat_activity. */
  applicationName: string;
  /** Connections at most; 10 by default. */
  max?: number;
  /** Told of connections that break while idle, which is no failure: the pool opens another. */
  onIdleError?: (error: Error) => void;
}

/**
 * Opens the user database. Connects on the first query, so a process starts while the database is away.
 * A query that finds no free connection for five seconds fails.
 */
export function connect(url: string, options: ConnectOptions): Database {
  const pool = new pg.Pool({
    connectionString: url,
    application_name: options.applicationName,
    max: options.max ?? 10,
    connectionTimeoutMillis: 5_000,
    idleTimeoutMillis: 60_000,
  });
  pool.on('error', (error) => options.onIdleError?.(error));
  return { pool, close: () => pool.end() };
}
