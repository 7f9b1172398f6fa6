import { existsSync } from 'node:fs';
import type { ToolContext } from '../tools/run-tool.ts';
import { installFromDebian, mayInstall } from './debian.ts';

/** Some tests run behind a real PgBouncer where the machine has one: root on Debian gets Debian's. */
export async function offerPgBouncer(context: ToolContext): Promise<void> {
  if (existsSync('/usr/sbin/pgbouncer') || !mayInstall()) return;
  console.log('Installing PgBouncer for the tests behind it …');
  await installFromDebian('pgbouncer', context).catch((error: Error) =>
    console.log(`It is not to be had, so those tests are skipped: ${error.message}`),
  );
}
