import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { isPooled } from './pooler.ts';

export class MigrationError extends Error {
  override name = 'MigrationError';
  readonly code: 'migration_edited' | 'migration_failed' | 'migrate_failed' | 'pooler_between';

  constructor(code: MigrationError['code'], message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

interface Migration {
  name: string;
  /** SHA-256 of `migration.sql`, as Prisma Migrate records it. */
  checksum: string;
}

interface RecordedMigration extends Migration {
  finished: boolean;
}

/** Prisma Migrate holds this advisory lock while it applies. */
const prismaMigrateLock = 72707369;
const undefinedTable = '42P01';
const databaseMissing = '3D000';
const poolerBetween =
  'Migrating needs PostgreSQL itself, and the URL of its owner leads to a pooler such as PgBouncer. ' +
  'For npm start, name PostgreSQL in DATABASE_URL and the pooler in DATABASE_POOLER_URL; ' +
  'for a deployment, name PostgreSQL in OWNER_DATABASE_URL.';

/**
 * Compares a folder of migrations with what the database has had, in one round of cheap queries.
 *
 * @param ownerUrl the database; it need not exist yet
 * @param directory the Prisma folder that holds `migrations/`
 * @param schema the Postgres schema that keeps the history, default `public`
 * @returns names of the migrations still to apply, in their order
 * @throws {MigrationError} `migration_edited` when an applied one was changed since, `migration_failed` when one stopped
 *   half way and nobody has resolved it, `pooler_between`
 */
export async function pendingMigrations(ownerUrl: string, directory: string, schema = 'public'): Promise<string[]> {
  const [folder, recorded] = await Promise.all([readFolder(directory), readRecorded(ownerUrl, schema)]);
  const byName = new Map(recorded.map((migration) => [migration.name, migration]));
  for (const { name, finished } of recorded) {
    if (!finished) {
      const message = `Migration ${name} in ${directory} failed earlier. Repair it, then run: gatehouse-prisma migrate resolve`;
      throw new MigrationError('migration_failed', message);
    }
  }
  for (const { name, checksum } of folder) {
    if (checksum !== (byName.get(name)?.checksum ?? checksum)) {
      const message = `Migration ${name} in ${directory} was edited after it had been applied. Restore it and add a new one.`;
      throw new MigrationError('migration_edited', message);
    }
  }
  return folder.map(({ name }) => name).filter((name) => !byName.has(name));
}

async function readFolder(directory: string): Promise<Migration[]> {
  const root = join(directory, 'migrations');
  const entries = await readdir(root, { withFileTypes: true });
  const names = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  return Promise.all(
    names.sort().map(async (name) => {
      const sql = await readFile(join(root, name, 'migration.sql'));
      return { name, checksum: createHash('sha256').update(sql).digest('hex') };
    }),
  );
}

/** Waits for a deploy in progress, whose unfinished rows would look like failures. */
async function readRecorded(ownerUrl: string, schema: string): Promise<RecordedMigration[]> {
  const client = new pg.Client({ connectionString: ownerUrl });
  try {
    await client.connect();
    if (await isPooled(client)) throw new MigrationError('pooler_between', poolerBetween);
    await client.query('SELECT pg_advisory_lock_shared($1)', [prismaMigrateLock]);
    const history = `${client.escapeIdentifier(schema)}._prisma_migrations`;
    // A failure is logged. Unfinished without a log: whoever applied it was ended meanwhile, and PostgreSQL, for which
    // a migration is one statement, has rolled it back.
    await client.query(
      `UPDATE ${history} SET rolled_back_at = now() WHERE finished_at IS NULL AND rolled_back_at IS NULL AND logs IS NULL`,
    );
    const { rows } = await client.query<RecordedMigration>(
      `SELECT migration_name AS name, checksum, finished_at IS NOT NULL AS finished
       FROM ${history} WHERE rolled_back_at IS NULL`,
    );
    return rows;
  } catch (error) {
    if (error instanceof pg.DatabaseError && (error.code === undefinedTable || error.code === databaseMissing))
      return [];
    throw error;
  } finally {
    await client.end();
  }
}
