import type { Pool } from 'pg';

export interface Choice {
  value: string;
  label: string;
}

/** Every designation, by department. */
export async function designationChoices(pool: Pool): Promise<Choice[]> {
  const { rows } = await pool.query<Choice>(
    `SELECT d.code AS value, d.title || ', ' || dep.name AS label
     FROM directory.designation d JOIN directory.department dep ON dep.id = d.department_id ORDER BY dep.name, d.title`,
  );
  return rows;
}

/** Every role of every app: its value names both. */
export async function roleChoices(pool: Pool): Promise<Choice[]> {
  const { rows } = await pool.query<Choice>(
    `SELECT client_id || ' ' || role AS value, a.title || ': ' || r.title AS label
     FROM directory.app_role r JOIN directory.app a USING (client_id) ORDER BY a.position, a.title, r.title`,
  );
  return rows;
}

export interface Grant {
  id: string;
  app: string;
  role: string;
  reason: string;
  /** Day as YYYY-MM-DD, inclusive; null for none. */
  endsOn: string | null;
}

/** The personal grants of somebody that hold today. */
export async function grantsOf(pool: Pool, personId: string): Promise<Grant[]> {
  const { rows } = await pool.query<Grant>(
    `SELECT g.id, a.title AS app, r.title AS role, g.reason, g.ends_on::text AS "endsOn"
     FROM directory.personal_grant g JOIN directory.app a USING (client_id) JOIN directory.app_role r USING (client_id, role)
     WHERE g.person_id = $1 AND (g.ends_on IS NULL OR g.ends_on >= directory.today()) ORDER BY a.title, r.title`,
    [personId],
  );
  return rows;
}
