import { join } from 'node:path';
import { PortBusyError } from '../ports/index.ts';
import { PostgresError, startPostgres } from '../postgres/index.ts';
import type { Settings } from '../settings.ts';
import { databaseUrl } from './database.ts';

/**
 * Starts this checkout's own PostgreSQL, or takes over the one that a killed launcher left; returns the owner's URL.
 * @throws PortBusyError, PostgresError
 */
export async function startEmbeddedDatabase(
  { local }: Settings,
  port: number,
  resources: AsyncDisposableStack,
): Promise<string> {
  const starting = startPostgres({ dataDir: join(local, 'postgres'), port });
  // Registered before it has started, so that a Ctrl-C meanwhile leaves no server behind.
  resources.defer(async () => (await starting.catch(() => undefined))?.stop());
  try {
    const { ownerUrl } = await starting;
    return databaseUrl(ownerUrl, { database: 'gatehouse' });
  } catch (error) {
    const isBusy = error instanceof PostgresError && error.code === 'port_busy';
    throw isBusy ? new PortBusyError(port, 'PostgreSQL', { cause: error }) : error;
  }
}
