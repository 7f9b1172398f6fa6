import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { addClient, type Credentials } from '@gatehouse/clients';
import { createSealer } from '@gatehouse/encryption';
import pg from 'pg';
import { inject } from 'vitest';
import { org } from './people.ts';

/** What the command does, in the running organisation. */
export async function register(metadata: Record<string, unknown>): Promise<Credentials> {
  const secrets = JSON.parse(readFileSync(join(inject('local'), 'secrets.json'), 'utf8'));
  const pool = new pg.Pool({ connectionString: org.database_url, max: 1 });
  try {
    const sealer = createSealer(secrets.encryption_key);
    return (await addClient(pool, sealer, metadata, { production: false })).credentials;
  } finally {
    await pool.end();
  }
}

const DEVICE_GRANT = 'urn:ietf:params:oauth:grant-type:device_code';

/** Where an app of somebody else sends a browser that signs in to it; the app itself does not run. */
export async function foreignSignIn(scope: string): Promise<string> {
  const redirectUri = 'http://localhost:7100/callback';
  const { client_id } = await register({
    client_name: 'Harbour Library',
    client_uri: 'http://localhost:7100',
    redirect_uris: [redirectUri],
    grant_types: ['authorization_code', 'refresh_token'],
  });
  const query = {
    client_id,
    scope,
    response_type: 'code',
    redirect_uri: redirectUri,
    prompt: 'consent',
    code_challenge: createHash('sha256').update('verifier').digest('base64url'),
    code_challenge_method: 'S256',
  };
  return `${org.issuer}/auth?${new URLSearchParams(query)}`;
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
