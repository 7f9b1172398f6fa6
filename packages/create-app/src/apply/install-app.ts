import { join } from 'node:path';
import { run } from './run.ts';

/** Links what the app depends on, exactly as the lockfile says, and generates its database client. */
export async function installApp(root: string, name: string, signal: AbortSignal): Promise<void> {
  const filter = `--filter=@gatehouse/${name}`;
  await run('pnpm', ['install', '--frozen-lockfile', '--prefer-offline', filter], root, signal);
  const folder = join(root, 'apps', name);
  await run(join(folder, 'node_modules', '.bin', 'gatehouse-prisma'), ['generate'], folder, signal);
}
