import type { Pool } from 'pg';

export interface Affected {
  /** Live sign-ins, and how many people they are of. */
  signIns: number;
  people: number;
  /** People who have agreed to what the client asks for. */
  consents: number;
}

/** Who would notice if a client were gone. */
export async function countAffected(pool: Pool, clientId: string): Promise<Affected> {
  const { rows } = await pool.query<Affected>(
    `SELECT count(*)::int AS "signIns", count(DISTINCT person_id)::int AS people,
            (SELECT count(*)::int FROM protocol.consent WHERE client_id = $1 AND expires_at > now()) AS consents
     FROM app_sessions.sign_in WHERE client_id = $1 AND ended_at IS NULL AND expires_at > now()`,
    [clientId],
  );
  return rows[0] ?? { signIns: 0, people: 0, consents: 0 };
}
