import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { startOrganisation } from '@gatehouse/launcher';
import { freePort, freePortBase } from '@gatehouse/launcher/ports';
import { startPostgres } from '@gatehouse/launcher/postgres';
import { loginName } from '@gatehouse/provisioning';
import pg from 'pg';
import { startProgram } from '../child-process.ts';
import type { BenchApp, System } from '../system.ts';
import type { GuardedPage } from './guarded-page.ts';
import { prepareDatabase } from './prepare-database.ts';
import { countingStatements, type StatementCounter } from './statements.ts';

const root = join(import.meta.dirname, '..', '..', '..', '..');
const local = join(root, '.local', 'bench');

const FIRST = 'template';

export interface Ours extends System {
  statements: StatementCounter;
}

/**
 * Starts the identity provider and every app as production runs them, on loopback, with a PostgreSQL server of the
 * bench's own that is as durable as production's. They are stopped by disposing of `resources`.
 */
export async function startOurs(resources: AsyncDisposableStack): Promise<Ours> {
  const dataDir = join(local, 'postgres');
  const server = await startPostgres({ dataDir, port: 0 });
  resources.defer(() => server.stop());
  const { ownerUrl, people } = await prepareDatabase(server.ownerUrl, root);
  const portBase = await freePortBase();
  const org = await startOrganisation({
    settings: { root, local, portBase, databaseUrl: ownerUrl },
    // All requests come from one address, and as many as can be answered.
    environment: { NODE_ENV: 'production', REQUESTS_PER_MINUTE: '100000000' },
    renderer: 'silent',
    resources,
  });
  const app = (clientId: string): BenchApp => {
    const url = org.apps.find(({ client_id }) => client_id === clientId)?.url;
    if (!url) throw new Error(`There is no app ${clientId}`);
    return { url, loginPath: '/auth/login' };
  };
  const port = await freePort();
  const page: GuardedPage = { port, issuer: org.issuer, clientId: FIRST, ...secretsOf(FIRST, ownerUrl) };
  const guardedPage = await startProgram(join(import.meta.dirname, 'guarded-page.ts'), page, resources);
  const started = readRunRecord();
  return {
    processes: {
      provider: started.filter(({ name }) => name === 'identity-provider').map(({ pid }) => pid),
      apps: [guardedPage, ...started.filter(({ name }) => name !== 'identity-provider').map(({ pid }) => pid)],
      PostgreSQL: [await postmasterPid(server.ownerUrl)],
    },
    first: app(FIRST),
    others: [app('service-desk'), app('human-resources')],
    guardedPage: `http://localhost:${port}/`,
    people,
    statements: countingStatements(server.ownerUrl, `${dataDir}.log`),
  };
}

function readRunRecord(): { name: string; pid: number }[] {
  return JSON.parse(readFileSync(join(local, 'run.json'), 'utf8')).children;
}

/** What the launcher made for the app. */
function secretsOf(clientId: string, ownerUrl: string) {
  const { apps } = JSON.parse(readFileSync(join(local, 'secrets.json'), 'utf8'));
  const { client_secret, session_key, database_password } = apps[clientId];
  const databaseUrl = new URL(ownerUrl);
  databaseUrl.username = loginName(databaseUrl.pathname.slice(1), clientId);
  databaseUrl.password = database_password;
  return { clientSecret: client_secret, sessionKey: session_key, databaseUrl: databaseUrl.href };
}

/** The first line of the server's own pid file. */
async function postmasterPid(ownerUrl: string): Promise<number> {
  const client = new pg.Client({ connectionString: ownerUrl });
  await client.connect();
  const { rows } = await client.query("SELECT split_part(pg_read_file('postmaster.pid'), chr(10), 1)::int AS pid");
  await client.end();
  return rows[0].pid;
}
