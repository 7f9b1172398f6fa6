/**
 * Starts the organisation once for all journeys: every app as `npm start` runs it, on ports and a database of its own.
 */
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { type Org, startOrganisation } from '@gatehouse/launcher';
import { freePortBase } from '@gatehouse/launcher/ports';
import { startPostgres } from '@gatehouse/launcher/postgres';
import pg from 'pg';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    org: Org;
    /** Where the organisation keeps its logs and its run record. */
    local: string;
  }
}

const root = join(import.meta.dirname, '..', '..', '..', '..');
/** Kept from run to run, so that a killed run's processes are found and ended. */
const local = join(root, '.local', 'e2e');

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const resources = new AsyncDisposableStack();
  try {
    const databaseUrl = await newDatabase(resources);
    const settings = { root, local, portBase: await freePortBase(), databaseUrl };
    const org = await startOrganisation({ settings, renderer: 'silent', resources });
    project.provide('org', org);
    project.provide('local', local);
  } catch (error) {
    await resources.disposeAsync();
    throw error;
  }
  return () => resources.disposeAsync();
}

/**
 * A database of this run's own, on the server of TEST_DATABASE_URL or on the one that other tests of this checkout use.
 * It goes at the end, with the roles that starting has made, whose names begin with its own.
 */
async function newDatabase(resources: AsyncDisposableStack): Promise<string> {
  const url = new URL(process.env.TEST_DATABASE_URL ?? (await startServer(resources)));
  const serverUrl = url.href;
  const name = `journeys_${randomUUID().slice(0, 8)}`;
  url.pathname = `/${name}`;
  await onDatabase(serverUrl, `CREATE DATABASE ${name}`);
  resources.defer(async () => {
    await onDatabase(
      url.href,
      `DO $$ DECLARE r text; BEGIN
      FOR r IN SELECT rolname FROM pg_roles WHERE starts_with(rolname, '${name}_') LOOP
        EXECUTE format('DROP OWNED BY %I', r); EXECUTE format('DROP ROLE %I', r);
      END LOOP; END $$`,
    );
    await onDatabase(serverUrl, `DROP DATABASE ${name} WITH (FORCE)`);
  });
  return url.href;
}

async function onDatabase(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}

async function startServer(resources: AsyncDisposableStack): Promise<string> {
  const server = await startPostgres({ dataDir: join(root, '.local', 'test-postgres'), port: 0, durable: false });
  if (!server.adopted) resources.defer(() => server.stop());
  return server.ownerUrl;
}
