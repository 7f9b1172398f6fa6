import type { Pool, PoolClient } from 'pg';

export interface AppTile {
  clientId: string;
  title: string;
  description: string;
  url: string;
  /** The colour that the app wears. */
  accent: string;
  /** Titles of the person's roles there; empty where the app is open to everyone. */
  roles: string[];
}

/** Exactly the apps that this person can open now by an address, in the launcher's order. */
export async function appsOf(db: Pool | PoolClient, personId: string): Promise<AppTile[]> {
  const { rows } = await db.query<AppTile>(
    `SELECT a.client_id AS "clientId", a.title, a.description, a.url, a.accent,
            ARRAY(SELECT r.title FROM directory.effective_role e
                  JOIN directory.app_role r USING (client_id, role)
                  WHERE e.person_id = o.person_id AND e.client_id = a.client_id ORDER BY r.title) AS roles
     FROM directory.openable_app o JOIN directory.app a USING (client_id)
     WHERE o.person_id = $1 AND a.url <> ''
     ORDER BY a.position, a.title`,
    [personId],
  );
  return rows;
}

export interface RegisteredApp {
  clientId: string;
  title: string;
  description: string;
  url: string;
  access: 'rules' | 'everyone';
  firstParty: boolean;
  /** Everybody needs a second factor to open it. */
  secondFactor: boolean;
  /** `secondFactor`: whoever has the role needs one. */
  roles: { role: string; title: string; description: string; secondFactor: boolean }[];
  /** Who has which role by rule: the title of a designation, or the name of a department with all below it. */
  rules: { role: string; designation: string | null; department: string | null }[];
}

/** Every app that is registered, in the launcher's order. */
export async function listApps(db: Pool | PoolClient): Promise<RegisteredApp[]> {
  const { rows } = await db.query<RegisteredApp>(
    `SELECT a.client_id AS "clientId", a.title, a.description, a.url, a.access, a.first_party AS "firstParty",
            coalesce(a.second_factor_decided, a.second_factor) AS "secondFactor",
            coalesce((SELECT json_agg(json_build_object('role', r.role, 'title', r.title,
                                                        'description', r.description,
                                                        'secondFactor', coalesce(r.second_factor_decided, r.second_factor))
                                      ORDER BY r.role)
                      FROM directory.app_role r WHERE r.client_id = a.client_id), '[]') AS roles,
            coalesce((SELECT json_agg(json_build_object('role', ar.role, 'designation', d.title,
                                                        'department', dep.name) ORDER BY ar.role, d.title, dep.name)
                      FROM directory.access_rule ar
                      LEFT JOIN directory.designation d ON d.id = ar.designation_id
                      LEFT JOIN directory.department dep ON dep.id = ar.department_id
                      WHERE ar.client_id = a.client_id), '[]') AS rules
     FROM directory.app a ORDER BY a.position, a.title`,
  );
  return rows;
}
