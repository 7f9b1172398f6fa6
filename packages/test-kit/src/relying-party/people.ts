import type { Pool } from 'pg';

/** An active person of the directory and what they may do in one app. */
export interface AppPerson {
  sub: string;
  roles: string[];
  mayOpen: boolean;
}

/** Everybody active, those with the most roles in the app first. */
export async function peopleOf(owner: Pool, clientId: string): Promise<AppPerson[]> {
  const { rows } = await owner.query<AppPerson>(
    `SELECT p.id AS sub,
            ARRAY(SELECT role FROM directory.effective_role r WHERE r.person_id = p.id AND r.client_id = $1) AS roles,
            EXISTS (SELECT FROM directory.openable_app o WHERE o.person_id = p.id AND o.client_id = $1) AS "mayOpen"
     FROM directory.person p WHERE p.status = 'active'
     ORDER BY cardinality(ARRAY(SELECT role FROM directory.effective_role r WHERE r.person_id = p.id AND r.client_id = $1)) DESC, p.login`,
    [clientId],
  );
  return rows;
}
