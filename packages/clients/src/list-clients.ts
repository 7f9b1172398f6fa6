import type { Pool } from 'pg';

export interface RegisteredClient {
  client_id: string;
  client_name: string;
  description: string;
  access: 'rules' | 'everyone';
  /** Declared by a manifest of this repository, which alone changes it. */
  first_party: boolean;
  /** What it is registered for, in the names of RFC 7591. */
  metadata: Record<string, unknown>;
  has_secret: boolean;
  /** A second secret works beside the present one. */
  has_previous_secret: boolean;
  /** When that stops by itself; null when it does not. */
  previous_secret_expires_at: Date | null;
  updated_at: Date;
}

export interface ClientFilter {
  /** What occurs in the name or the id. */
  search?: string | undefined;
  /** Rows at most; all by default. */
  limit?: number | undefined;
  offset?: number | undefined;
}

const select = `
  SELECT client_id, a.title AS client_name, a.description, a.access, a.first_party, r.metadata, r.has_secret,
         r.has_previous_secret, r.previous_secret_expires_at, r.updated_at
  FROM protocol.registered_client r JOIN directory.app a USING (client_id)`;

const matches = `($1::text IS NULL OR strpos(lower(a.title || ' ' || client_id), lower($1)) > 0)`;

/** Registered clients, without any secret, in the order of their names. */
export async function listClients(
  db: Pool,
  { search, limit, offset = 0 }: ClientFilter = {},
): Promise<RegisteredClient[]> {
  const { rows } = await db.query<RegisteredClient>(
    `${select} WHERE ${matches} ORDER BY a.first_party DESC, a.title, client_id LIMIT $2 OFFSET $3`,
    [search || null, limit ?? null, offset],
  );
  return rows;
}

/** How many clients `listClients` finds in all. */
export async function countClients(db: Pool, { search }: Pick<ClientFilter, 'search'> = {}): Promise<number> {
  const { rows } = await db.query<{ count: number }>(
    `SELECT count(*)::int AS count
     FROM protocol.registered_client r JOIN directory.app a USING (client_id) WHERE ${matches}`,
    [search || null],
  );
  return rows[0]?.count ?? 0;
}

/** One client by its id, without its secrets; `undefined` when there is none. */
export async function findClient(db: Pool, clientId: string): Promise<RegisteredClient | undefined> {
  const { rows } = await db.query<RegisteredClient>(`${select} WHERE client_id = $1`, [clientId]);
  return rows[0];
}
