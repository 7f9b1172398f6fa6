import {
  bindMigrationAwareSqlAdapterFactory,
  type ErrorCapturingSqlMigrationAwareDriverAdapterFactory,
  type SqlDriverAdapter,
} from '@prisma/driver-adapter-utils';
import pg from 'pg';
import { connectAdapter } from './adapter.ts';
import { createDatabase, dropDatabase, withDatabase } from './database-commands.ts';

/**
 * Gives the engine its connections: to the database, and to a shadow database to replay migrations in. The adapter's
 * own shadow database knows no `shadowDatabaseUrl` and drops the database while it is still connected.
 *
 * @param resources disposed at the end: closes what the engine left open, drops shadow databases that it left
 */
export function createAdapterFactory(
  url: string,
  shadowDatabaseUrl: string | undefined,
  resources: AsyncDisposableStack,
): ErrorCapturingSqlMigrationAwareDriverAdapterFactory {
  const owned = async (connecting: Promise<SqlDriverAdapter>): Promise<SqlDriverAdapter> => {
    const adapter = await connecting;
    resources.defer(() => adapter.dispose());
    return adapter;
  };
  return bindMigrationAwareSqlAdapterFactory({
    provider: 'postgres',
    adapterName: '@prisma/adapter-pg',
    connect: () => owned(connectAdapter(url)),
    connectToShadowDb: () => owned(shadowDatabaseUrl ? connectAdapter(shadowDatabaseUrl) : createShadowDatabase(url)),
  });
}

/**
 * A database of its own on the same server, with the schema that the URL names, dropped when the adapter is disposed.
 */
async function createShadowDatabase(url: string): Promise<SqlDriverAdapter> {
  const name = `prisma_migrate_shadow_db_${process.pid}_${crypto.randomUUID().slice(0, 8)}`;
  const shadowUrl = withDatabase(url, name);
  await createDatabase(shadowUrl);
  const adapter = await connectAdapter(shadowUrl, () => dropDatabase(url, name));
  const schema = new URL(url).searchParams.get('schema');
  if (schema) await adapter.executeScript(`CREATE SCHEMA IF NOT EXISTS ${pg.escapeIdentifier(schema)}`);
  return adapter;
}
