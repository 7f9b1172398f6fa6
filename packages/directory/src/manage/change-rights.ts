import type { Pool, PoolClient } from 'pg';
import { DirectoryError } from './errors.ts';
import { inRightsTransaction } from './rights-transaction.ts';

/** What a change does to the roles that somebody has. */
export interface RoleChange {
  clientId: string;
  /** Title of the app. */
  app: string;
  role: string;
  /** Title of the role. */
  title: string;
  change: 'gained' | 'lost';
}

export interface RightsChange {
  /** Whose rights. */
  personId: string;
  /** Who changes them. */
  actorPersonId: string;
  /** Only look: everything is worked out by the change itself, which is then taken back. */
  preview?: boolean | undefined;
}

export interface Changed<Result> {
  result: Result;
  effect: RoleChange[];
}

/**
 * The one way in which a person changes the rights of another: what it does is measured by what decides rights, before
 * and after, in its own transaction.
 *
 * @throws {DirectoryError} `own_rights`, `person_unknown`, `last_administrator`, and what `work` throws
 */
export function changeRights<Result>(
  db: Pool,
  { personId, actorPersonId, preview = false }: RightsChange,
  work: (tx: PoolClient) => Promise<Result>,
): Promise<Changed<Result>> {
  return inRightsTransaction(db, preview, async (tx) => {
    if (personId === actorPersonId) throw new DirectoryError('own_rights', 'Nobody changes their own rights');
    const { rowCount } = await tx.query('SELECT FROM directory.person WHERE id = $1', [personId]);
    if (rowCount === 0) throw new DirectoryError('person_unknown', 'There is no such person');
    const before = await rolesOf(tx, personId);
    const result = await work(tx);
    const after = await rolesOf(tx, personId);
    return { result, effect: [...missingFrom(after, before, 'lost'), ...missingFrom(before, after, 'gained')] };
  });
}

type HeldRole = Omit<RoleChange, 'change'>;

async function rolesOf(tx: PoolClient, personId: string): Promise<HeldRole[]> {
  const { rows } = await tx.query<HeldRole>(
    `SELECT e.client_id AS "clientId", a.title AS app, e.role, r.title
     FROM directory.effective_role e JOIN directory.app a USING (client_id) JOIN directory.app_role r USING (client_id, role)
     WHERE e.person_id = $1 ORDER BY a.position, a.title, r.title`,
    [personId],
  );
  return rows;
}

/** Those of `all` that are not among `some`. */
function missingFrom(some: HeldRole[], all: HeldRole[], change: RoleChange['change']): RoleChange[] {
  const known = new Set(some.map(({ clientId, role }) => `${clientId} ${role}`));
  return all.filter(({ clientId, role }) => !known.has(`${clientId} ${role}`)).map((each) => ({ ...each, change }));
}
