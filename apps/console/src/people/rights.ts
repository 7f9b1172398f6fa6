import type { Pool } from 'pg';

export interface Right {
  app: string;
  role: string;
  /** Why, each as one phrase: a designation held, a department belonged to, or a grant by name. */
  reasons: string[];
}

/** The roles that a person has at this moment, app by app, each with every rule that gives it. */
export async function rightsOf(pool: Pool, personId: string): Promise<Right[]> {
  const { rows } = await pool.query<Right>(
    `SELECT a.title AS app, r.title AS role,
            array_agg(DISTINCT coalesce(
              'as ' || d.title,
              'as everyone in ' || dep.name,
              'given by name: ' || g.reason || coalesce(', until ' || g.ends_on, ''))) AS reasons
     FROM directory.role_reason w
     JOIN directory.app a USING (client_id)
     JOIN directory.app_role r USING (client_id, role)
     LEFT JOIN directory.designation d ON d.id = w.designation_id
     LEFT JOIN directory.department dep ON dep.id = w.department_id
     LEFT JOIN directory.personal_grant g ON g.id = w.personal_grant_id
     WHERE w.person_id = $1
     GROUP BY a.position, a.title, r.title ORDER BY a.position, a.title, r.title`,
    [personId],
  );
  return rows;
}
