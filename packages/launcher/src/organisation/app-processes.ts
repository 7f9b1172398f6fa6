import { loginName } from '@gatehouse/provisioning';
import type { ProcessSpec } from '../processes/spawn-logged.ts';
import type { AddressedApp, Addresses } from './addresses.ts';
import { databaseUrl } from './database.ts';
import { secretsOf } from './prepare-database.ts';
import type { Secrets } from './secrets.ts';

export type ProcessOptions = {
  addresses: Addresses;
  ownerUrl: string;
  /** See `Settings`. */
  poolerUrl?: string | undefined;
  organisation: { name: string; timeZone: string };
  rolePrefix: string;
  secrets: Secrets;
  /** See `DEVELOPMENT_BAR` of the apps. */
  developmentBar?: string | undefined;
  /** See `mailFolder`. */
  mailFolder: string;
  /** Restart an app when one of its files changes. */
  watch: boolean;
  /** On top of each process's own. */
  environment: Record<string, string>;
};

/** The processes of the organisation, the identity provider first, each with an environment of its own. */
export function appProcesses(options: ProcessOptions): ProcessSpec[] {
  return [providerProcess(options), ...options.addresses.apps.map((app) => appProcess(app, options))];
}

function providerProcess(options: ProcessOptions): ProcessSpec {
  const { issuer } = options.addresses;
  const password = options.secrets.provider_database_password;
  return nodeProcess('identity-provider', issuer.directory, issuer, options, {
    ...databaseOf('identity-provider', password, options),
    ...(options.poolerUrl && { DATABASE_DIRECT_URL: urlFor('identity-provider', password, options, options.ownerUrl) }),
    ENCRYPTION_KEY: options.secrets.encryption_key,
    COOKIE_KEYS: options.secrets.cookie_keys.join(','),
    MAIL_FOLDER: options.mailFolder,
  });
}

function appProcess(app: AddressedApp, options: ProcessOptions): ProcessSpec {
  const { clientId, calls = {} } = app.manifest;
  const own = secretsOf(options.secrets, clientId);
  return nodeProcess(clientId, app.directory, app, options, {
    ...databaseOf(clientId, own.database_password, options),
    ISSUER: options.addresses.issuer.url,
    CLIENT_SECRET: own.client_secret,
    SESSION_KEY: own.session_key,
    ...addressesOfCalled(Object.keys(calls), options.addresses.apps),
  });
}

/** An app that calls another one's API finds it by `HUMAN_RESOURCES_URL` and the like. */
function addressesOfCalled(clientIds: string[], apps: AddressedApp[]): Record<string, string> {
  const called = apps.filter(({ manifest }) => clientIds.includes(manifest.clientId));
  return Object.fromEntries(
    called.map(({ manifest, url }) => [`${manifest.clientId.replaceAll('-', '_').toUpperCase()}_URL`, url]),
  );
}

function databaseOf(clientId: string, password: string, options: ProcessOptions): Record<string, string> {
  const { ownerUrl, poolerUrl } = options;
  const DATABASE_URL = urlFor(clientId, password, options, poolerUrl ?? ownerUrl);
  return poolerUrl ? { DATABASE_URL, DATABASE_POOLER: 'transaction' } : { DATABASE_URL };
}

function urlFor(clientId: string, password: string, { rolePrefix }: ProcessOptions, url: string): string {
  return databaseUrl(url, { login: { name: loginName(rolePrefix, clientId), password } });
}

function nodeProcess(
  name: string,
  cwd: string,
  { port, url }: { port: number; url: string },
  { organisation, developmentBar, watch, environment }: ProcessOptions,
  env: Record<string, string>,
): ProcessSpec {
  return {
    name,
    command: process.execPath,
    args: [...(watch ? ['--watch', '--watch-preserve-output'] : []), 'src/server.ts'],
    cwd,
    env: {
      ...inherited(),
      NODE_ENV: 'development',
      ORGANISATION_NAME: organisation.name,
      ORGANISATION_TIME_ZONE: organisation.timeZone,
      PORT: String(port),
      HOST: '127.0.0.1',
      BASE_URL: url,
      ...(developmentBar && { DEVELOPMENT_BAR: developmentBar }),
      ...env,
      ...environment,
    },
    readyUrl: `http://127.0.0.1:${port}/readyz`,
  };
}

/** What any program may need of the machine; nothing else of the launcher's environment reaches an app. */
function inherited(): Record<string, string> {
  const names = ['PATH', 'HOME', 'TMPDIR', 'LANG', 'TZ', 'LOG_LEVEL', 'NODE_EXTRA_CA_CERTS', 'NODE_COMPILE_CACHE'];
  return Object.fromEntries(names.flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : [])));
}
