import type { Pool } from 'pg';

export interface ListedClient {
  client_id: string;
  client_name: string;
  access: 'rules' | 'everyone';
  first_party: boolean;
  application_type: string;
  token_endpoint_auth_method: string;
  grant_types: string[];
  redirect_uris: string[];
  scope: string;
  /** A second secret works beside the present one. */
  has_previous_secret: boolean;
  /** When that stops by itself; null when it does not. */
  previous_secret_expires_at: Date | null;
}

/** Every registered client, without any secret, in the order of their names. */
export async function listClients(db: Pool): Promise<ListedClient[]> {
  const { rows } = await db.query<ListedClient>(
    `SELECT client_id, a.title AS client_name, a.access, a.first_party,
            r.metadata->>'application_type' AS application_type,
            r.metadata->>'token_endpoint_auth_method' AS token_endpoint_auth_method,
            r.metadata->'grant_types' AS grant_types, r.metadata->'redirect_uris' AS redirect_uris,
            r.metadata->>'scope' AS scope,
            coalesce(r.previous_secret IS NOT NULL AND r.previous_secret_expires_at > now(),
                     r.previous_secret IS NOT NULL) AS has_previous_secret,
            r.previous_secret_expires_at
     FROM protocol.client_registration r JOIN directory.app a USING (client_id)
     ORDER BY a.first_party DESC, a.title, client_id`,
  );
  return rows;
}
