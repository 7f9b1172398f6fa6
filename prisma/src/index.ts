import { PrismaPg } from '@prisma/adapter-pg';
import pg from 'pg';
import { PrismaClient } from '../generated/client.ts';

export * from '../generated/client.ts';

export interface Database {
  /** For raw SQL, where atomicity or speed asks for it. */
  pool: pg.Pool;
  /** For domain queries. Uses the same pool. */
  prisma: PrismaClient;
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
  const prisma = new PrismaClient({ adapter: new PrismaPg(pool) });
  return {
    pool,
    prisma,
    async close() {
      await prisma.$disconnect();
      await pool.end();
    },
  };
}
