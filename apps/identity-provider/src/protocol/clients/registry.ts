import { secretContext } from '@gatehouse/clients';
import type { Sealer } from '@gatehouse/encryption';
import { isStorable } from '@gatehouse/web';
import type { ClientMetadata } from 'oidc-provider';
import type { Pool } from 'pg';
import { claims } from '../claims.ts';
import type { Notifications } from '../notifications.ts';
import { type ClientAddresses, loadAddresses } from './addresses.ts';

export interface ClientRegistry {
  /** The client's metadata in the names of RFC 7591, with its secrets opened; `undefined` for an unknown client. */
  metadataOf(clientId: string): Promise<ClientMetadata | undefined>;
  /** The same object until a client changes. */
  addresses(): Promise<ClientAddresses>;
}

/** Beyond RFC 7591. The library hands these on untouched, under the same names. */
export const extraClientMetadata = [
  'first_party',
  'apis',
  'previous_client_secret',
  'previous_client_secret_expires_at',
  'require_pkce',
  'allowed_origins',
  'id_token_claims',
  'access_token_lifetime',
  'id_token_lifetime',
  'refresh_token_lifetime',
] as const;

interface ClientRow {
  metadata: ClientMetadata;
  secret: Buffer | null;
  previousSecret: Buffer | null;
  previousSecretExpiresAt: Date | null;
  title: string;
  url: string;
  firstParty: boolean;
  /** Scopes that the client may ask for, by the audience of the API. */
  apis: Record<string, string[]> | null;
}

/**
 * The registered clients, kept in memory, because every request of the protocol starts with one. A notification from
 * the database drops the memory of every instance at once; while none can arrive, clients are read each time.
 */
export function createClientRegistry(pool: Pool, sealer: Sealer, notifications: Notifications): ClientRegistry {
  const clients = new Map<string, Promise<ClientMetadata | undefined>>();
  let addresses: Promise<ClientAddresses> | undefined;

  notifications.on('client_changed', () => {
    clients.clear();
    addresses = undefined;
  });

  async function load(clientId: string): Promise<ClientMetadata | undefined> {
    // A client may be named inside of a JWT, which no boundary looks into.
    if (!isStorable(clientId)) return undefined;
    const { rows } = await pool.query<ClientRow>({
      name: 'client.find',
      text: `SELECT r.metadata, r.secret, r.previous_secret AS "previousSecret",
                    r.previous_secret_expires_at AS "previousSecretExpiresAt",
                    a.title, a.url, a.first_party AS "firstParty",
                    (SELECT jsonb_object_agg(audience, scopes)
                     FROM (SELECT audience, array_agg(scope) AS scopes FROM directory.api_permission
                           WHERE client_id = $1 GROUP BY audience) p) AS apis
             FROM protocol.client_registration r JOIN directory.app a USING (client_id)
             WHERE client_id = $1`,
      values: [clientId],
    });
    return rows[0] && toMetadata(clientId, rows[0], sealer);
  }

  return {
    metadataOf(clientId) {
      if (!notifications.live) return load(clientId);
      let client = clients.get(clientId);
      if (!client) {
        client = load(clientId);
        clients.set(clientId, client);
        const forget = () => clients.delete(clientId);
        // Names of nobody are not kept: anybody may make up as many as they like.
        client.then((found) => found ?? forget(), forget);
      }
      return client;
    },
    addresses() {
      if (!notifications.live) return loadAddresses(pool);
      if (!addresses) {
        addresses = loadAddresses(pool);
        forgetFailure(addresses, () => {
          addresses = undefined;
        });
      }
      return addresses;
    },
  };
}

function forgetFailure(loading: Promise<unknown>, forget: () => void): void {
  loading.catch(forget);
}

function toMetadata(clientId: string, row: ClientRow, sealer: Sealer): ClientMetadata {
  const open = (secret: Buffer | null) => secret && sealer.open(secret, secretContext(clientId)).toString();
  return {
    response_modes: ['query'],
    ...row.metadata,
    ...(row.secret && { client_secret: open(row.secret) ?? '' }),
    ...(row.previousSecret && {
      previous_client_secret: open(row.previousSecret),
      previous_client_secret_expires_at: row.previousSecretExpiresAt?.getTime(),
    }),
    client_id: clientId,
    client_name: row.title,
    client_uri: row.url || undefined,
    first_party: row.firstParty,
    // Scopes of other apps' APIs are known by `apis`; here the library takes only its own.
    scope: row.metadata.scope
      ?.split(' ')
      .filter((scope) => scope in claims || scope === 'offline_access')
      .join(' '),
    apis: row.apis ?? {},
  };
}
