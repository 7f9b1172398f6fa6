/**
 * Makes the secrets of a production installation, each in a file of its own, where one is missing:
 * `node packages/provisioning/src/production/make-secrets.ts FOLDER [DATABASE_HOST]`. What is there is never changed.
 */
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { randomToken } from '@gatehouse/encryption';
import { loginName } from '../logins.ts';
import { loadManifests } from '../manifests.ts';

const DATABASE = 'gatehouse';
const [folder = 'secrets', host = 'postgres'] = process.argv.slice(2);
const root = join(import.meta.dirname, '..', '..', '..', '..');

/** Containers read the files as another user, so it is the folder that keeps others out. */
mkdirSync(folder, { recursive: true, mode: 0o700 });
chmodSync(folder, 0o700);

const keep = (name: string, value: string) => {
  const file = join(folder, name);
  if (!existsSync(file)) writeFileSync(file, value, { mode: 0o444 });
};
const databaseUrl = (login: string, password: string) => `postgresql://${login}:${password}@${host}:5432/${DATABASE}`;

keep('postgres_password', randomToken());
keep('owner_database_url', databaseUrl(DATABASE, readFileSync(join(folder, 'postgres_password'), 'utf8')));
keep('encryption_key', randomToken());
keep('cookie_keys', randomToken());
keep('identity-provider_database_url', databaseUrl(loginName(DATABASE, 'identity-provider'), randomToken()));
for (const { manifest } of await loadManifests(root)) {
  const { clientId } = manifest;
  keep(`${clientId}_database_url`, databaseUrl(loginName(DATABASE, clientId), randomToken()));
  keep(`${clientId}_client_secret`, randomToken());
  keep(`${clientId}_session_key`, randomToken());
}
console.log(
  `The secrets are in ${folder}. Back it up apart from the database: without encryption_key a backup is of no use.`,
);
