import type { AppManifest } from '@gatehouse/directory/manifest';
import {
  baseEnvironment,
  ConfigError,
  organisationVariables,
  origin,
  parseEnvironment,
  secretKey,
} from '@gatehouse/web';

const databaseUrl = baseEnvironment.secrets.DATABASE_URL;

const organisationEnvironment = {
  settings: organisationVariables,
  secrets: {
    /** The owner's URL of the user database. No app ever has it. */
    OWNER_DATABASE_URL: databaseUrl,
    /** The same as the identity provider's. */
    ENCRYPTION_KEY: secretKey,
    /** The identity provider's DATABASE_URL. */
    IDENTITY_PROVIDER_DATABASE_URL: databaseUrl,
  },
};

/** Each app's, with its name in front: `FINANCE_URL`. The secrets are the app's own, so each exists once. */
const appEnvironment = {
  settings: { URL: origin },
  secrets: { DATABASE_URL: databaseUrl, CLIENT_SECRET: secretKey },
};

export type ProductionConfig = ReturnType<typeof loadConfig>;

/** `human-resources` becomes `HUMAN_RESOURCES_`. */
export const variablePrefix = (clientId: string): string => `${clientId.replaceAll('-', '_').toUpperCase()}_`;

/** @throws {ConfigError} naming every variable that is missing or wrong, of all apps */
export function loadConfig(env: NodeJS.ProcessEnv, manifests: readonly AppManifest[]) {
  const faults: string[] = [];
  const attempt = <T>(prefix: string, parse: () => T): T | undefined => {
    try {
      return parse();
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      faults.push(...error.faults.map((fault) => prefix + fault));
      return undefined;
    }
  };
  const organisation = attempt('', () => parseEnvironment(organisationEnvironment, env));
  const apps = manifests.map((manifest) => {
    const prefix = variablePrefix(manifest.clientId);
    const config = attempt(prefix, () => parseEnvironment(appEnvironment, withoutPrefix(prefix, env)));
    return config && { manifest, ...config };
  });
  if (!organisation || faults.length > 0) throw new ConfigError(faults);
  return { ...organisation, apps: apps.filter((app) => app !== undefined) };
}

/** Shows the variables of one app under the names that each app has for them. */
const withoutPrefix = (prefix: string, env: NodeJS.ProcessEnv): NodeJS.ProcessEnv =>
  Object.fromEntries(
    ['URL', 'DATABASE_URL', 'DATABASE_URL_FILE', 'CLIENT_SECRET', 'CLIENT_SECRET_FILE'].map((name) => [
      name,
      env[prefix + name],
    ]),
  );
