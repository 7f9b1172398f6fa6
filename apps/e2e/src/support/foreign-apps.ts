import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { addClient, type Credentials } from '@gatehouse/clients';
import { createSealer } from '@gatehouse/encryption';
import pg from 'pg';
import { inject } from 'vitest';
import { org } from './people.ts';

/** What the command does, in the running organisation. */
export async function register(metadata: Record<string, unknown>): Promise<Credentials> {
  const secrets = JSON.parse(readFileSync(join(inject('local'), 'secrets.json'), 'utf8'));
  const sealer = createSealer(secrets.encryption_key);
  return asOwner(async (pool) => (await addClient(pool, sealer, metadata, { production: false })).credentials);
}

/** Runs a statement in the organisation's database, as its owner. */
export const ownerQuery = (sql: string, values: unknown[] = []) => asOwner((pool) => pool.query(sql, values));

async function asOwner<Result>(work: (pool: pg.Pool) => Promise<Result>): Promise<Result> {
  const pool = new pg.Pool({ connectionString: org.database_url, max: 1 });
  try {
    return await work(pool);
  } finally {
    await pool.end();
  }
}

const DEVICE_GRANT = 'urn:ietf:params:oauth:grant-type:device_code';

/** An app of somebody else that only says that one is back, and where it sends browsers that are to sign in. */
export async function foreignApp() {
  const server = createServer((_req, res) => res.end('back')).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://localhost:${(server.address() as AddressInfo).port}`;
  const redirectUri = `${url}/callback`;
  const { client_id } = await register({
    client_name: 'Harbour Library',
    redirect_uris: [redirectUri],
    grant_types: ['authorization_code', 'refresh_token'],
  });
  return {
    url,
    signInUrl(scope: string, more: Record<string, string> = {}): string {
      const query = {
        client_id,
        scope,
        response_type: 'code',
        redirect_uri: redirectUri,
        code_challenge: createHash('sha256').update('verifier').digest('base64url'),
        code_challenge_method: 'S256',
        ...more,
      };
      return `${org.issuer}/auth?${new URLSearchParams(query)}`;
    },
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/** The address that a device shows, with its code in it. */
export async function deviceAddress(): Promise<string> {
  const { client_id } = await register({
    client_name: 'Meeting room screen',
    application_type: 'native',
    token_endpoint_auth_method: 'none',
    grant_types: [DEVICE_GRANT],
  });
  const body = new URLSearchParams({ client_id, scope: 'openid profile' });
  const answer = await fetch(`${org.issuer}/device/auth`, { method: 'POST', body });
  return ((await answer.json()) as { verification_uri_complete: string }).verification_uri_complete;
}
