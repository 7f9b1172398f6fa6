import { record } from '@gatehouse/audit';
import type { Pool, PoolClient } from 'pg';
import type { Change } from './change.ts';
import { DirectoryError } from './errors.ts';
import { inRightsTransaction } from './rights-transaction.ts';
import { idOf } from './structure.ts';

/** Who gets a role: whoever holds a designation, or everybody in a department and all below it. */
export interface Rule {
  clientId: string;
  role: string;
  designationCode?: string | undefined;
  departmentCode?: string | undefined;
}

/** How many people a change of a rule is about, and the first of them by name. */
export interface Affected {
  count: number;
  names: string[];
}

export interface RuleChanged {
  id: string;
  gained: Affected;
  lost: Affected;
}

interface RuleChange extends Change {
  actorPersonId: string;
  preview?: boolean | undefined;
}

const NAMED = 50;

/** @throws {DirectoryError} `role_unknown`, `designation_unknown`, `department_unknown`, `rule_exists`, `own_rights` */
export function addRule(db: Pool, rule: Rule, { preview = false, ...change }: RuleChange): Promise<RuleChanged> {
  const { clientId, role, designationCode, departmentCode } = rule;
  return inRightsTransaction(db, preview, async (tx) => {
    const known = 'SELECT FROM directory.app_role WHERE client_id = $1 AND role = $2';
    if ((await tx.query(known, [clientId, role])).rowCount === 0) {
      throw new DirectoryError('role_unknown', 'There is no such role');
    }
    const designationId = designationCode && (await idOf(tx, 'designation', designationCode));
    const departmentId = departmentCode && (await idOf(tx, 'department', departmentCode));
    return measured(tx, { clientId, role, actorPersonId: change.actorPersonId }, async () => {
      const { rows } = await tx.query<{ id: string }>(
        `INSERT INTO directory.access_rule (client_id, role, designation_id, department_id) VALUES ($1, $2, $3, $4)
         ON CONFLICT DO NOTHING RETURNING id`,
        [clientId, role, designationId ?? null, departmentId ?? null],
      );
      if (!rows[0]) throw new DirectoryError('rule_exists', 'There is this rule already');
      await record(tx, { type: 'access_rule.added', ...change, detail: { ...rule, id: rows[0].id } });
      return rows[0].id;
    });
  });
}

/** @throws {DirectoryError} `rule_unknown`, `own_rights` */
export function removeRule(db: Pool, id: string, { preview = false, ...change }: RuleChange): Promise<RuleChanged> {
  return inRightsTransaction(db, preview, async (tx) => {
    const { rows } = await tx.query<{ clientId: string; role: string }>(
      'SELECT client_id AS "clientId", role FROM directory.access_rule WHERE id = $1',
      [id],
    );
    const [rule] = rows;
    if (!rule) throw new DirectoryError('rule_unknown', 'There is no such rule');
    return measured(tx, { ...rule, actorPersonId: change.actorPersonId }, async () => {
      const gone = await tx.query(
        `DELETE FROM directory.access_rule WHERE id = $1
         RETURNING client_id AS "clientId", role, designation_id AS "designationId", department_id AS "departmentId"`,
        [id],
      );
      await record(tx, { type: 'access_rule.removed', ...change, detail: { ...gone.rows[0], id } });
      return id;
    });
  });
}

/** Who has the role before and after, by the one definition of effective rights. */
async function measured(
  tx: PoolClient,
  { clientId, role, actorPersonId }: { clientId: string; role: string; actorPersonId: string },
  work: () => Promise<string>,
): Promise<RuleChanged> {
  const holders = async () => {
    const { rows } = await tx.query<{ id: string }>(
      'SELECT person_id AS id FROM directory.effective_role WHERE client_id = $1 AND role = $2',
      [clientId, role],
    );
    return new Set(rows.map((row) => row.id));
  };
  const before = await holders();
  const id = await work();
  const after = await holders();
  const [gained, lost] = [after.difference(before), before.difference(after)];
  if (gained.has(actorPersonId) || lost.has(actorPersonId)) {
    throw new DirectoryError('own_rights', 'Nobody changes their own rights');
  }
  return { id, gained: await named(tx, gained), lost: await named(tx, lost) };
}

async function named(tx: PoolClient, ids: Set<string>): Promise<Affected> {
  const { rows } = await tx.query<{ name: string }>(
    `SELECT name FROM directory.person WHERE id = ANY ($1::uuid[]) ORDER BY name LIMIT ${NAMED}`,
    [[...ids]],
  );
  return { count: ids.size, names: rows.map((row) => row.name) };
}
