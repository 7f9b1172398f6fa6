import { createHash } from 'node:crypto';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { connectPrisma } from '@gatehouse/prisma/client';
import { migrate } from '@gatehouse/prisma/migrate';
import { seedHarbourCouncil } from '@gatehouse/prisma/seed';
import { type LocatedApp, loadManifests, provision } from '@gatehouse/provisioning';
import pg from 'pg';

/** The migrated, seeded and provisioned database that tests clone. */
export interface Template {
  /** The server, as its owner. */
  serverUrl: string;
  database: string;
  /** Roles belong to the whole server, so every clone shares the template's. */
  rolePrefix: string;
}

declare module 'vitest' {
  interface ProvidedContext {
    template: Template;
  }
}

/** The secrets of every test database. */
export const testSecrets = {
  databasePassword: 'test',
  encryptionKey: Buffer.alloc(32, 'test-encryption').toString('base64url'),
  clientSecret: (clientId: string) => Buffer.alloc(32, clientId).toString('base64url'),
};

export const databaseUrl = (serverUrl: string, database: string): string => {
  const url = new URL(serverUrl);
  url.pathname = `/${database}`;
  return url.href;
};

const sources = [
  'prisma/migrations/**/*.sql',
  'prisma/src/seed/*.ts',
  'packages/provisioning/src/*.ts',
  'packages/directory/src/manage/register-apps.ts',
  'apps/*/manifest.ts',
  'apps/*/prisma/migrations/**/*.sql',
];

/** Builds the template unless this server has it already: its name is a digest of all that it is made from. */
export async function buildTemplate(serverUrl: string, root: string): Promise<Template> {
  const digest = createHash('sha256');
  for (const file of globSync(sources, { cwd: root, exclude: ['**/*.test.ts'] }).sort())
    digest.update(file).update(readFileSync(join(root, file)));
  const database = `gatehouse_test_${digest.digest('hex').slice(0, 12)}`;
  const template = { serverUrl, database, rolePrefix: database };
  const server = new pg.Client({ connectionString: databaseUrl(serverUrl, 'postgres') });
  await server.connect();
  try {
    await server.query("SELECT pg_advisory_lock(hashtext('gatehouse.test-template'))");
    const { rowCount } = await server.query('SELECT FROM pg_database WHERE datname = $1', [database]);
    if (rowCount === 0) {
      const building = `${database}_building`;
      await server.query(`DROP DATABASE IF EXISTS ${building} WITH (FORCE)`);
      await server.query(`CREATE DATABASE ${building}`);
      await fill(databaseUrl(serverUrl, building), root, template.rolePrefix);
      await server.query(`ALTER DATABASE ${building} RENAME TO ${database}`);
    }
  } finally {
    await server.end();
  }
  return template;
}

async function fill(ownerUrl: string, root: string, rolePrefix: string): Promise<void> {
  await migrate({ ownerUrl, directory: join(root, 'prisma') });
  const database = connectPrisma(ownerUrl, { applicationName: 'test-template' });
  await seedHarbourCouncil(database.prisma);
  await database.close();
  const apps = await loadManifests(root);
  for (const { manifest, directory } of apps) {
    if (manifest.schema) await migrate({ ownerUrl, directory: join(directory, 'prisma'), schema: manifest.schema });
  }
  await provision({
    ownerUrl,
    rolePrefix,
    providerPassword: testSecrets.databasePassword,
    encryptionKey: testSecrets.encryptionKey,
    apps: apps.map(testApp),
  });
}

const testApp = ({ manifest }: LocatedApp) => ({
  manifest,
  url: `http://localhost:${4000 + manifest.portOffset}`,
  databasePassword: testSecrets.databasePassword,
  clientSecret: testSecrets.clientSecret(manifest.clientId),
});
