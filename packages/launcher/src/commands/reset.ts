import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Invocation } from '../invocation.ts';
import { removePostgres } from '../postgres/index.ts';
import { openRunRecord } from '../processes/run-record.ts';

/** What the install, the generator and the compiler left: true after a reset too. */
const kept = ['install.json', 'generated.txt', 'compile-cache'];

/**
 * Removes the databases, secrets and logs of this checkout, so that the next start makes them anew.
 * @throws AlreadyRunningError
 */
export async function reset({ settings }: Invocation): Promise<void> {
  const { local, databaseUrl, starters } = settings;
  const run = await openRunRecord(join(local, 'run.json'), starters);
  for (const name of ['postgres', 'suite-postgres', 'test-postgres']) await removePostgres(join(local, name));
  run.close();
  for (const name of readdirSync(local)) {
    if (!kept.includes(name)) rmSync(join(local, name), { recursive: true, force: true });
  }
  console.log('Databases, secrets and logs of this checkout are gone: npm start makes them anew.');
  if (databaseUrl) console.log('The database that DATABASE_URL names is yours and was left alone.');
}
