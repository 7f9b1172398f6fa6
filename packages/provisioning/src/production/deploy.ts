import type { RetiredRole, UnknownCode } from '@gatehouse/directory/manage';
import { loginName } from '../logins.ts';
import type { LocatedApp } from '../manifests.ts';
import { migrateAll } from '../migrate-all.ts';
import { provision } from '../provision.ts';
import type { ProductionConfig } from './config.ts';
import { prepareOrganisation } from './prepare-organisation.ts';

/**
 * Everything that has to be there before the apps start: the schema of this release, the organisation, and every app's
 * login, rights and registration. Idempotent: it runs before each release. It creates no people.
 *
 * @throws {ProvisioningError} where the owner may not create roles, {Error} where an app's DATABASE_URL has another
 *   login than its own
 */
export async function deploy(
  config: ProductionConfig,
  located: readonly LocatedApp[],
  root: string,
  onUnknownCode: (unknown: UnknownCode) => void,
  onRetired: (retired: RetiredRole) => void,
): Promise<void> {
  const { ownerDatabaseUrl: ownerUrl, encryptionKey, identityProviderDatabaseUrl } = config.secrets;
  const rolePrefix = decodeURIComponent(new URL(ownerUrl).pathname.slice(1));
  const passwordOf = (clientId: string, url: string) => ownPassword(loginName(rolePrefix, clientId), url);
  const apps = config.apps.map(({ manifest, url, secrets }) => ({
    manifest,
    url,
    databasePassword: passwordOf(manifest.clientId, secrets.databaseUrl),
    clientSecret: secrets.clientSecret,
  }));
  const providerPassword = passwordOf('identity-provider', identityProviderDatabaseUrl);

  await migrateAll(ownerUrl, root, located);
  await prepareOrganisation(ownerUrl, { name: config.organisationName, timeZone: config.organisationTimeZone });
  await provision({ ownerUrl, rolePrefix, providerPassword, encryptionKey, apps, onUnknownCode, onRetired });
}

function ownPassword(login: string, databaseUrl: string): string {
  const { username, password } = new URL(databaseUrl);
  if (decodeURIComponent(username) !== login || password === '') {
    throw new Error(`A DATABASE_URL must name the login ${login} with a password; it names ${username || 'none'}.`);
  }
  return decodeURIComponent(password);
}
