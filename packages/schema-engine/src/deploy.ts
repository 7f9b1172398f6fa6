import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { MigrationDirectory, MigrationList } from '@prisma/schema-engine-wasm';
import { createAdapterFactory } from './bridge/adapter-factory.ts';
import { createDatabase } from './bridge/database-commands.ts';
import { startWasmEngine } from './bridge/wasm-engine.ts';

/**
 * What `prisma migrate deploy` does, without starting its CLI: that costs seconds of processor time for each history.
 *
 * @param url the database, created if it is missing; its `schema` parameter names the schema that keeps the history
 * @param directory the Prisma folder: `schema.prisma` and `migrations/`
 * @returns names of the migrations that were applied
 * @throws the engine's own error, with Prisma's code (`P3009`, …) where it has one
 */
export async function deploy(url: string, directory: string): Promise<string[]> {
  await createDatabase(url);
  await using resources = new AsyncDisposableStack();
  const engine = await startWasmEngine(
    [join(directory, 'schema.prisma')],
    createAdapterFactory(url, undefined, resources),
  );
  const { appliedMigrationNames } = await engine.applyMigrations({
    migrationsList: await readMigrations(join(directory, 'migrations')),
    filters: { externalTables: [], externalEnums: [] },
  });
  return appliedMigrationNames;
}

/** Reads a `migrations/` folder in the form that the engine wants. */
export async function readMigrations(baseDir: string): Promise<MigrationList> {
  const entries = await readdir(baseDir, { withFileTypes: true });
  const names = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  const lockfile = 'migration_lock.toml';
  return {
    baseDir,
    lockfile: { path: lockfile, content: await readFile(join(baseDir, lockfile), 'utf8') },
    shadowDbInitScript: '',
    migrationDirectories: await Promise.all(names.sort().map((name) => readMigration(baseDir, name))),
  };
}

async function readMigration(baseDir: string, name: string): Promise<MigrationDirectory> {
  const path = 'migration.sql';
  return {
    path: name,
    migrationFile: { path, content: { tag: 'ok', value: await readFile(join(baseDir, name, path), 'utf8') } },
  };
}
