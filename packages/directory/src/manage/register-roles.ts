import { record } from '@gatehouse/audit';
import type { ClientBase } from 'pg';
import type { AppManifest } from '../manifest.ts';

/** Somebody who loses a role because their app retires it. */
export interface RetiredRole {
  clientId: string;
  role: string;
  /** Names of those who had it. */
  people: string[];
}

/**
 * Brings the roles of an app to what its manifest declares, without taking any from anybody: a renamed one keeps its
 * rules and grants, one that is declared no more stays until the manifest retires it.
 *
 * @param onRetired told who loses what, before it is lost
 * @returns the roles that are new
 */
export async function registerRoles(
  db: ClientBase,
  { clientId, roles, retire }: AppManifest,
  onRetired: (retired: RetiredRole) => void,
): Promise<string[]> {
  const added: string[] = [];
  for (const [role, { title, description, secondFactor = false, renamedFrom }] of Object.entries(roles)) {
    if (renamedFrom !== undefined) await rename(db, clientId, renamedFrom, role);
    const { rows } = await db.query<{ created: boolean }>(
      `INSERT INTO directory.app_role (client_id, role, title, description, second_factor) VALUES ($1, $2, $3, $4, $5)
       ON CONFLICT (client_id, role) DO UPDATE SET title = EXCLUDED.title, description = EXCLUDED.description,
         second_factor = EXCLUDED.second_factor
       RETURNING (xmax = 0) AS created`,
      [clientId, role, title, description, secondFactor],
    );
    if (rows[0]?.created) added.push(role);
  }
  for (const role of retire) await retireRole(db, clientId, role, onRetired);
  return added;
}

/** Its rules and grants go with it: to the new name, or, where that is there already, to the role of that name. */
async function rename(db: ClientBase, clientId: string, from: string, to: string): Promise<void> {
  const { rowCount } = await db.query(
    `UPDATE directory.app_role SET role = $3 WHERE client_id = $1 AND role = $2
       AND NOT EXISTS (SELECT FROM directory.app_role there WHERE there.client_id = $1 AND there.role = $3)`,
    [clientId, from, to],
  );
  if (rowCount === 1) return;
  await db.query(
    `UPDATE directory.access_rule r SET role = $3 WHERE r.client_id = $1 AND r.role = $2 AND NOT EXISTS (
       SELECT FROM directory.access_rule there WHERE there.client_id = $1 AND there.role = $3
         AND coalesce(there.designation_id, there.department_id) = coalesce(r.designation_id, r.department_id))`,
    [clientId, from, to],
  );
  await db.query('UPDATE directory.personal_grant SET role = $3 WHERE client_id = $1 AND role = $2', [
    clientId,
    from,
    to,
  ]);
  await db.query('DELETE FROM directory.app_role WHERE client_id = $1 AND role = $2', [clientId, from]);
}

async function retireRole(
  db: ClientBase,
  clientId: string,
  role: string,
  onRetired: (retired: RetiredRole) => void,
): Promise<void> {
  const { rows } = await db.query<{ id: string; name: string }>(
    `SELECT DISTINCT p.id, p.name FROM directory.effective_role r JOIN directory.person p ON p.id = r.person_id
     WHERE r.client_id = $1 AND r.role = $2 ORDER BY p.name`,
    [clientId, role],
  );
  const { rows: kept } = await db.query<{ rules: unknown; grants: unknown }>(
    `SELECT (SELECT jsonb_agg(to_jsonb(r)) FROM directory.access_rule r WHERE client_id = $1 AND role = $2) AS rules,
            (SELECT jsonb_agg(to_jsonb(g)) FROM directory.personal_grant g WHERE client_id = $1 AND role = $2) AS grants
     FROM directory.app_role WHERE client_id = $1 AND role = $2`,
    [clientId, role],
  );
  if (!kept[0]) return;
  onRetired({ clientId, role, people: rows.map(({ name }) => name) });
  for (const { id } of rows) {
    await record(db, { type: 'role.withdrawn', subjectPersonId: id, clientId, detail: { role, because: 'retired' } });
  }
  await record(db, { type: 'role.retired', clientId, detail: { role, ...kept[0] } });
  await db.query('DELETE FROM directory.app_role WHERE client_id = $1 AND role = $2', [clientId, role]);
}
