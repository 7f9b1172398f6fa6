import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { registerApps } from '@gatehouse/directory/manage';
import { createSealer } from '@gatehouse/encryption';
import { latestMigration } from '@gatehouse/prisma/migrate';
import { loadManifests, loginName } from '@gatehouse/provisioning';
import { registerClients } from '@gatehouse/provisioning/clients';
import pg from 'pg';
import { inject } from 'vitest';
import { databaseUrl, testSecrets } from './template.ts';

const root = join(import.meta.dirname, '..', '..', '..');

export interface TestDatabase {
  /** The owner's URL: may do everything. */
  ownerUrl: string;
  /** A pool of the owner's, for arranging and looking. */
  owner: pg.Pool;
  /** The URL with which an app's own login connects: `identity-provider`, `console`, `finance`, … */
  urlFor(clientId: string): string;
  encryptionKey: string;
  clientSecret(clientId: string): string;
  /** The `sub` of a demo person by login name. */
  personId(login: string): Promise<string>;
  /** Such a person as they are now, for what asks whether anything has secured their account since. */
  owns(personId: string): Promise<{ personId: string; moment: number }>;
  /** How many statements on this database wait for a lock. */
  waitingForLocks(): Promise<number>;
  /** Registers an app at the address where the test runs it. */
  moveApp(clientId: string, url: string): Promise<void>;
  /** Drops the database. */
  close(): Promise<void>;
}

/** A database of a test file's own: migrated, with Harbour Council in it and every app registered and provisioned. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const template = inject('template');
  const name = `t_${randomUUID().replaceAll('-', '')}`;
  await onServer(template.serverUrl, (server) => server.query(`CREATE DATABASE ${name} TEMPLATE ${template.database}`));
  const ownerUrl = databaseUrl(template.serverUrl, name);
  const owner = new pg.Pool({ connectionString: ownerUrl, max: 4 });
  owner.on('error', () => {}); // dropping the database ends idle connections
  return {
    ownerUrl,
    owner,
    urlFor(clientId) {
      const url = new URL(ownerUrl);
      url.username = loginName(template.rolePrefix, clientId);
      url.password = testSecrets.databasePassword;
      return url.href;
    },
    encryptionKey: testSecrets.encryptionKey,
    clientSecret: testSecrets.clientSecret,
    async personId(login) {
      const { rows } = await owner.query<{ id: string }>('SELECT id FROM directory.person WHERE login = $1', [login]);
      if (!rows[0]) throw new Error(`Harbour Council has no ${login}`);
      return rows[0].id;
    },
    async owns(personId) {
      const { rows } = await owner.query<{ moment: number }>('SELECT moment FROM directory.person WHERE id = $1', [
        personId,
      ]);
      return { personId, moment: rows[0]?.moment ?? -1 };
    },
    async waitingForLocks() {
      const { rows } = await owner.query<{ n: number }>(
        `SELECT count(*)::int AS n FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
      );
      return rows[0]?.n ?? 0;
    },
    async moveApp(clientId, url) {
      const app = (await loadManifests(root)).find(({ manifest }) => manifest.clientId === clientId);
      if (!app) throw new Error(`There is no app ${clientId}`);
      const moved = { manifest: app.manifest, url, clientSecret: testSecrets.clientSecret(clientId) };
      const client = await owner.connect();
      try {
        await registerApps(client, [moved], { release: latestMigration() });
        await registerClients(client, createSealer(testSecrets.encryptionKey), [moved]);
      } finally {
        client.release();
      }
    },
    async close() {
      await owner.end();
      await onServer(template.serverUrl, (server) => server.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`));
    },
  };
}

/** The owner's URL of the server that the run uses, for tests that make their own databases. */
export function testServerUrl(): string {
  return inject('template').serverUrl;
}

async function onServer(serverUrl: string, work: (server: pg.Client) => Promise<unknown>): Promise<void> {
  const server = new pg.Client({ connectionString: databaseUrl(serverUrl, 'postgres') });
  await server.connect();
  try {
    await work(server);
  } finally {
    await server.end();
  }
}
