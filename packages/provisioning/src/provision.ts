import { type RetiredRole, registerApps, type UnknownCode } from '@gatehouse/directory/manage';
import { type AppManifest, parseManifest } from '@gatehouse/directory/manifest';
import { createSealer } from '@gatehouse/encryption';
import { latestMigration } from '@gatehouse/prisma/migrate';
import pg from 'pg';
import { registerClients } from './client-registration.ts';
import { provisionLogins } from './logins.ts';

export interface ProvisionedApp {
  manifest: AppManifest;
  /** The app's own origin, and path prefix if any, without a trailing slash. */
  url: string;
  databasePassword: string;
  /** Shared with the identity provider: at least 32 random bytes. */
  clientSecret: string;
}

export interface ProvisionOptions {
  /** Never given to an app. Its role owns the database and may create roles. */
  ownerUrl: string;
  /** Starts the name of every role, because roles belong to the whole server. The database's name by default. */
  rolePrefix?: string;
  providerPassword: string;
  /** The identity provider's ENCRYPTION_KEY: client secrets are stored sealed with it. */
  encryptionKey: string;
  apps: readonly ProvisionedApp[];
  /** See `registerApps`: without it, a manifest's rule for a post or department that is not there is an error. */
  onUnknownCode?: (unknown: UnknownCode) => void;
  /** See `registerApps`. */
  onRetired?: (retired: RetiredRole) => void;
  /** See `registerApps`. Default: of this code. */
  release?: string;
}

/**
 * The owner-only step between migrating and starting: roles, logins and rights, then every app and client that the
 * manifests declare. Idempotent, and safe to run while the organisation runs.
 *
 * @returns the role prefix that was used
 * @throws {z.ZodError} for a manifest with a fault
 * @throws {ProvisioningError} where roles are missing and the owner may not create them
 */
export async function provision(options: ProvisionOptions): Promise<{ rolePrefix: string }> {
  for (const { manifest } of options.apps) parseManifest(manifest);
  const owner = new pg.Client({ connectionString: options.ownerUrl, application_name: 'provisioning' });
  await owner.connect();
  try {
    const rolePrefix = options.rolePrefix ?? (await owner.query('SELECT current_database() AS name')).rows[0].name;
    await provisionLogins(owner, rolePrefix, [
      { clientId: 'identity-provider', kind: 'provider', password: options.providerPassword },
      ...options.apps.map(({ manifest, databasePassword }) => ({
        clientId: manifest.clientId,
        kind: manifest.kind,
        schema: manifest.schema,
        password: databasePassword,
      })),
    ]);
    await owner.query('BEGIN');
    const { onUnknownCode, onRetired } = options;
    await registerApps(owner, options.apps, {
      onUnknownCode,
      onRetired,
      release: options.release ?? latestMigration(),
    });
    await registerClients(owner, createSealer(options.encryptionKey), options.apps);
    await owner.query('COMMIT');
    return { rolePrefix };
  } finally {
    await owner.end();
  }
}
