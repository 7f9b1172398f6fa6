import { join } from 'node:path';
import { startPostgres } from '@gatehouse/launcher/postgres';
import type { TestProject } from 'vitest/node';
import { buildTemplate } from './template.ts';

const root = join(import.meta.dirname, '..', '..', '..');

/**
 * A PostgreSQL server for the run, and on it the database that every test file clones. TEST_DATABASE_URL names a server
 * to use (its owner's URL); otherwise one starts below `.local/`, or the one that another run started is shared.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const given = process.env.TEST_DATABASE_URL;
  const server = given
    ? { ownerUrl: given, adopted: true, stop: async () => {} }
    : await startPostgres({ dataDir: join(root, '.local', 'test-postgres'), port: 0, durable: false });
  project.provide('template', await buildTemplate(server.ownerUrl, root));
  return async () => {
    if (!server.adopted) await server.stop();
  };
}
