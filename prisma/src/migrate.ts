import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { deploy } from '@gatehouse/schema-engine';
import pg from 'pg';
import { MigrationError, pendingMigrations } from './migration-history.ts';

export { MigrationError, pendingMigrations } from './migration-history.ts';

/** The name of the newest migration of the user database that this code has. */
export function latestMigration(): string {
  const folder = join(import.meta.dirname, '..', 'migrations');
  return (
    readdirSync(folder)
      .filter((name) => /^\d/.test(name))
      .sort()
      .at(-1) ?? ''
  );
}

export interface MigrateOptions {
  /** The database's owner; the database is created if it is missing. Never given to an app. */
  ownerUrl: string;
  /** The Prisma folder: `schema.prisma` and `migrations/`. */
  directory: string;
  /** An app's own Postgres schema: created first, and keeper of the app's own history. */
  schema?: string;
}

/**
 * Brings one migration history up to date with Prisma Migrate. Nothing pending costs one query.
 *
 * @returns names of the migrations that were applied
 * @throws {MigrationError} `migrate_failed` with the engine's error as its cause, and the codes of {@link pendingMigrations}
 */
export async function migrate({ ownerUrl, directory, schema }: MigrateOptions): Promise<string[]> {
  const pending = await pendingMigrations(ownerUrl, directory, schema);
  if (pending.length === 0) return pending;
  if (schema) await createSchema(ownerUrl, schema);
  try {
    return await deploy(schema ? withSchema(ownerUrl, schema) : ownerUrl, directory);
  } catch (cause) {
    throw new MigrationError('migrate_failed', `Migrating ${directory} failed: ${(cause as Error).message}`, { cause });
  }
}

async function createSchema(ownerUrl: string, schema: string): Promise<void> {
  const client = new pg.Client({ connectionString: ownerUrl });
  try {
    await client.connect();
    // Two sessions creating the same schema collide, IF NOT EXISTS or not.
    await client.query("SELECT pg_advisory_lock(hashtext('gatehouse.create-schema'))");
    await client.query(`CREATE SCHEMA IF NOT EXISTS ${client.escapeIdentifier(schema)}`);
  } finally {
    await client.end();
  }
}

function withSchema(ownerUrl: string, schema: string): string {
  const url = new URL(ownerUrl);
  url.searchParams.set('schema', schema);
  return url.href;
}
