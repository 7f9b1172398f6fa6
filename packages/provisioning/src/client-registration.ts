import { secretContext } from '@gatehouse/clients';
import type { AppManifest } from '@gatehouse/directory/manifest';
import type { Sealer } from '@gatehouse/encryption';
import type { ClientBase } from 'pg';

export interface FirstPartyClient {
  manifest: AppManifest;
  url: string;
  clientSecret: string;
}

/** A first-party app's metadata in the names of RFC 7591 and the logout specifications. */
export function clientMetadata({ manifest, url }: Pick<FirstPartyClient, 'manifest' | 'url'>) {
  const apiScopes = Object.values(manifest.calls ?? {}).flat();
  return {
    client_name: manifest.title,
    application_type: 'web',
    grant_types: ['authorization_code'],
    response_types: ['code'],
    redirect_uris: [`${url}/auth/callback`],
    post_logout_redirect_uris: [`${url}/`],
    backchannel_logout_uri: `${url}/auth/backchannel-logout`,
    backchannel_logout_session_required: true,
    token_endpoint_auth_method: 'client_secret_basic',
    id_token_signed_response_alg: 'ES256',
    scope: ['openid', ...apiScopes].join(' '),
  };
}

/** Registers or updates the first-party clients. Their secrets are stored sealed. Idempotent. */
export async function registerClients(
  db: ClientBase,
  sealer: Sealer,
  clients: readonly FirstPartyClient[],
): Promise<void> {
  for (const client of clients) {
    const { clientId } = client.manifest;
    await db.query(
      `INSERT INTO protocol.client_registration (client_id, metadata, secret, shares_database, updated_at)
       VALUES ($1, $2, $3, true, now())
       ON CONFLICT (client_id) DO UPDATE
       SET metadata = EXCLUDED.metadata, secret = EXCLUDED.secret, updated_at = now()`,
      [clientId, JSON.stringify(clientMetadata(client)), sealer.seal(client.clientSecret, secretContext(clientId))],
    );
  }
}
