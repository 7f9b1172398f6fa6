import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { freePort } from '@gatehouse/launcher/ports';
import { register } from '../support/foreign-apps.ts';
import { org } from '../support/people.ts';
import type { ForeignApp } from './relying-party.ts';

/** Where Debian's packages are unpacked, if not on the system itself. */
const root = process.env.APACHE_ROOT ?? '/';
const server = join(root, 'usr', 'sbin', 'apache2');
const modules = join(root, 'usr', 'lib', 'apache2', 'modules');

export const hasModAuthOpenidc = existsSync(server) && existsSync(join(modules, 'mod_auth_openidc.so'));

/** Apache with its own module guarding a page, as the module's documentation sets it up. */
export async function startModAuthOpenidc(): Promise<ForeignApp> {
  const url = `http://localhost:${await freePort()}`;
  const credentials = await register({
    client_name: 'mod_auth_openidc',
    redirect_uris: [`${url}/callback`],
    post_logout_redirect_uris: [`${url}/signed-out`],
    grant_types: ['authorization_code', 'refresh_token'],
  });
  const folder = mkdtempSync(join(tmpdir(), 'mod-auth-openidc-'));
  // Apache gives up its rights and has to read it still.
  chmodSync(folder, 0o755);
  for (const page of ['app', 'signed-out']) writeFileSync(join(folder, page), `<title>${page}</title><p>${page}</p>`);
  writeFileSync(join(folder, 'apache.conf'), configuration(folder, url, credentials));
  const apache = spawn(server, ['-f', join(folder, 'apache.conf'), '-D', 'FOREGROUND'], {
    stdio: 'inherit',
    env: { LD_LIBRARY_PATH: join(root, 'usr', 'lib', 'x86_64-linux-gnu') },
  });
  await answers(apache, `${url}/signed-out`, join(folder, 'error.log'));
  return {
    url,
    credentials,
    async close() {
      apache.kill('SIGTERM');
      await once(apache, 'exit');
      rmSync(folder, { recursive: true });
    },
  };
}

const configuration = (folder: string, url: string, client: { client_id: string; client_secret?: string }) => `
ServerRoot "${folder}"
ServerName localhost
Listen 127.0.0.1:${new URL(url).port}
PidFile "${folder}/apache.pid"
Mutex file:${folder}
ErrorLog "${folder}/error.log"
User www-data
Group www-data
${['mpm_event', 'authn_core', 'authz_core', 'authz_user', 'auth_openidc']
  .map((name) => `LoadModule ${name}_module "${modules}/mod_${name}.so"`)
  .join('\n')}
DocumentRoot "${folder}"
OIDCProviderMetadataURL ${org.issuer}/.well-known/openid-configuration
OIDCClientID ${client.client_id}
OIDCClientSecret ${client.client_secret}
OIDCRedirectURI ${url}/callback
OIDCCryptoPassphrase only-for-this-test
OIDCScope "openid profile"
OIDCPKCEMethod S256
OIDCInfoHook access_token userinfo
<Location />
  AuthType openid-connect
  Require valid-user
  ForceType text/html
</Location>
<Location /signed-out>
  Require all granted
</Location>
`;

async function answers(apache: ChildProcess, url: string, log: string): Promise<void> {
  while (apache.exitCode === null) {
    if (
      await fetch(url).then(
        ({ ok }) => ok,
        () => false,
      )
    )
      return;
    await delay(50);
  }
  throw new Error(`Apache did not start: ${existsSync(log) ? readFileSync(log, 'utf8') : 'it left no log'}`);
}
