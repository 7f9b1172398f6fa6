import { join } from 'node:path';
import { migrate } from '@gatehouse/prisma/migrate';
import { provision } from '@gatehouse/provisioning';
import type { AddressedApp } from './addresses.ts';
import type { Secrets } from './secrets.ts';

/** Brings the user database, then every app's own tables, to the migrations of this checkout. */
export async function migrateAll(ownerUrl: string, root: string, apps: AddressedApp[]): Promise<void> {
  await migrate({ ownerUrl, directory: join(root, 'prisma') });
  for (const { manifest, directory } of apps) {
    if (manifest.schema) await migrate({ ownerUrl, directory: join(directory, 'prisma'), schema: manifest.schema });
  }
}

/** Gives every app its login, rights and registration; returns what the names of the logins begin with. */
export async function provisionAll(ownerUrl: string, apps: AddressedApp[], secrets: Secrets): Promise<string> {
  const { rolePrefix } = await provision({
    ownerUrl,
    providerPassword: secrets.provider_database_password,
    encryptionKey: secrets.encryption_key,
    apps: apps.map(({ manifest, url }) => {
      const own = secretsOf(secrets, manifest.clientId);
      return { manifest, url, databasePassword: own.database_password, clientSecret: own.client_secret };
    }),
    onRetired: ({ clientId, role, people }) =>
      console.warn(`${clientId} retires the role ${role}. Who loses it: ${people.join(', ') || 'nobody'}.`),
  });
  return rolePrefix;
}

/** @throws when `loadSecrets` was not told of the app */
export function secretsOf(secrets: Secrets, clientId: string) {
  const own = secrets.apps[clientId];
  if (!own) throw new Error(`No secrets were made for ${clientId}`);
  return own;
}
