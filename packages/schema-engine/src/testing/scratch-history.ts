import { randomUUID } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { dropDatabase, withDatabase } from '../bridge/database-commands.ts';
import { type PrismaRun, runPrisma } from '../run-prisma.ts';

/** A throw-away Prisma folder and the name of a database that does not exist yet. */
export interface ScratchHistory {
  /** Holds `prisma.config.ts`, `schema.prisma` and `migrations/`. */
  directory: string;
  url: string;
  /** Writes `migrations/NAME/migration.sql`. */
  addMigration(name: string, sql: string): Promise<void>;
  /** Runs the Prisma CLI in the folder and captures its output. */
  prisma(...args: string[]): Promise<PrismaRun>;
  query<Row extends pg.QueryResultRow>(sql: string): Promise<Row[]>;
  /** Drops the database and removes the folder. */
  close(): Promise<void>;
}

const config = `export default {
  schema: 'schema.prisma',
  migrations: { path: 'migrations' },
  datasource: { url: process.env.OWNER_DATABASE_URL },
};
`;

/**
 * @param serverUrl the PostgreSQL server, as its owner
 * @param models Prisma models for `schema.prisma`
 */
export async function createScratchHistory(serverUrl: string, models = ''): Promise<ScratchHistory> {
  const directory = await mkdtemp(join(tmpdir(), 'gatehouse history '));
  const name = `scratch_${randomUUID().replaceAll('-', '')}`;
  const url = withDatabase(serverUrl, name);
  const addMigration = async (migration: string, sql: string) => {
    await mkdir(join(directory, 'migrations', migration), { recursive: true });
    await writeFile(join(directory, 'migrations', migration, 'migration.sql'), sql);
  };
  await mkdir(join(directory, 'migrations'));
  await writeFile(join(directory, 'migrations', 'migration_lock.toml'), 'provider = "postgresql"\n');
  await writeFile(join(directory, 'prisma.config.ts'), config);
  await writeFile(join(directory, 'schema.prisma'), `datasource db {\n  provider = "postgresql"\n}\n${models}`);
  return {
    directory,
    url,
    addMigration,
    prisma: (...args) => runPrisma(args, { cwd: directory, env: { OWNER_DATABASE_URL: url }, output: 'capture' }),
    async query<Row extends pg.QueryResultRow>(sql: string) {
      const client = new pg.Client({ connectionString: url });
      await client.connect();
      try {
        return (await client.query<Row>(sql)).rows;
      } finally {
        await client.end();
      }
    },
    async close() {
      await dropDatabase(serverUrl, name);
      await rm(directory, { recursive: true });
    },
  };
}
