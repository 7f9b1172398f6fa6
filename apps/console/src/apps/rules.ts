import type { Pool } from 'pg';
import type { Choice } from '../posts/what-there-is.ts';

export interface AppRole {
  clientId: string;
  /** Title of the app. */
  app: string;
  role: string;
  title: string;
}

export async function findRole(pool: Pool, clientId: string, role: string): Promise<AppRole | undefined> {
  const { rows } = await pool.query<AppRole>(
    `SELECT client_id AS "clientId", a.title AS app, r.role, r.title
     FROM directory.app_role r JOIN directory.app a USING (client_id) WHERE client_id = $1 AND role = $2`,
    [clientId, role],
  );
  return rows[0];
}

export interface AccessRule extends AppRole {
  id: string;
  /** To whom it gives the role. */
  target: string;
}

const selectRule = `
  SELECT ar.id, client_id AS "clientId", a.title AS app, role, r.title,
         coalesce(d.title || ', ' || of_post.name, 'everyone in ' || dep.name) AS target
  FROM directory.access_rule ar JOIN directory.app a USING (client_id) JOIN directory.app_role r USING (client_id, role)
  LEFT JOIN directory.designation d ON d.id = ar.designation_id
  LEFT JOIN directory.department of_post ON of_post.id = d.department_id
  LEFT JOIN directory.department dep ON dep.id = ar.department_id`;

export async function findRule(pool: Pool, id: string): Promise<AccessRule | undefined> {
  const { rows } = await pool.query<AccessRule>(`${selectRule} WHERE ar.id = $1`, [id]);
  return rows[0];
}

export async function listRules(pool: Pool): Promise<AccessRule[]> {
  const { rows } = await pool.query<AccessRule>(`${selectRule} ORDER BY target`);
  return rows;
}

/** Everything that a rule may give a role to: designations, and departments with all below them. */
export async function ruleTargets(pool: Pool): Promise<Choice[]> {
  const { rows } = await pool.query<Choice>(
    `SELECT value, label FROM (
       SELECT 1 AS kind, 'department ' || code AS value, 'everyone in ' || name AS label FROM directory.department
       UNION ALL
       SELECT 2, 'designation ' || d.code, d.title || ', ' || dep.name
       FROM directory.designation d JOIN directory.department dep ON dep.id = d.department_id
     ) target ORDER BY kind, label`,
  );
  return rows;
}
