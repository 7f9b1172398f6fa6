import type { Sealer } from '@gatehouse/encryption';
import type { ClientMetadata } from 'oidc-provider';
import type { Pool } from 'pg';
import { claims } from '../claims.ts';
import type { Notifications } from '../notifications.ts';

export interface ClientRegistry {
  /** The client's metadata in the names of RFC 7591, with its secrets opened; `undefined` for an unknown client. */
  metadataOf(clientId: string): Promise<ClientMetadata | undefined>;
  /** Origin of every registered app. */
  appOrigins(): Promise<ReadonlySet<string>>;
}

/** Beyond RFC 7591. The library hands these on untouched, under the same names. */
export const extraClientMetadata = ['first_party', 'apis', 'previous_client_secret', 'require_pkce'] as const;

interface ClientRow {
  metadata: ClientMetadata;
  secret: Buffer | null;
  previousSecret: Buffer | null;
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
  let origins: Promise<ReadonlySet<string>> | undefined;

  notifications.on('client_changed', () => {
    clients.clear();
    origins = undefined;
  });

  async function load(clientId: string): Promise<ClientMetadata | undefined> {
    const { rows } = await pool.query<ClientRow>({
      name: 'client.find',
      text: `SELECT r.metadata, r.secret, r.previous_secret AS "previousSecret",
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

  async function loadOrigins(): Promise<ReadonlySet<string>> {
    const { rows } = await pool.query<{ url: string }>('SELECT url FROM directory.app');
    return new Set(rows.map(({ url }) => new URL(url).origin));
  }

  return {
    metadataOf(clientId) {
      if (!notifications.live) return load(clientId);
      let client = clients.get(clientId);
      if (!client) {
        client = load(clientId);
        clients.set(clientId, client);
        forgetFailure(client, () => clients.delete(clientId));
      }
      return client;
    },
    appOrigins() {
      if (!notifications.live) return loadOrigins();
      if (!origins) {
        origins = loadOrigins();
        forgetFailure(origins, () => {
          origins = undefined;
        });
      }
      return origins;
    },
  };
}

function forgetFailure(loading: Promise<unknown>, forget: () => void): void {
  loading.catch(forget);
}

function toMetadata(clientId: string, row: ClientRow, sealer: Sealer): ClientMetadata {
  const open = (secret: Buffer | null) => secret && sealer.open(secret, `client_secret:${clientId}`).toString();
  return {
    response_modes: ['query'],
    ...row.metadata,
    ...(row.secret && { client_secret: open(row.secret) ?? '' }),
    ...(row.previousSecret && { previous_client_secret: open(row.previousSecret) }),
    client_id: clientId,
    client_name: row.title,
    client_uri: row.url,
    first_party: row.firstParty,
    // Scopes of other apps' APIs are known by `apis`; here the library takes only its own.
    scope: row.metadata.scope
      ?.split(' ')
      .filter((scope) => scope in claims)
      .join(' '),
    apis: row.apis ?? {},
    // The launcher alone may have another one.
    response_types: ['code'],
  };
}
