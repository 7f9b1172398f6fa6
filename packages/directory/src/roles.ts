import type { Pool, PoolClient } from 'pg';

/** The roles that a person has in an app at this moment, by appointment or personal grant. Empty for the disabled. */
export async function rolesOf(db: Pool | PoolClient, personId: string, clientId: string): Promise<string[]> {
  const { rows } = await db.query<{ role: string }>(
    'SELECT role FROM directory.effective_role WHERE person_id = $1 AND client_id = $2 ORDER BY role',
    [personId, clientId],
  );
  return rows.map((row) => row.role);
}
