import { record } from '@gatehouse/audit';
import { inTransaction } from '@gatehouse/prisma/transaction';
import pg, { type Pool, type PoolClient } from 'pg';
import type { Change, Day } from './change.ts';
import { DirectoryError } from './errors.ts';

export interface NewGrant {
  personId: string;
  clientId: string;
  role: string;
  /** Why, for whoever reads it later. */
  reason: string;
  /** The last day. Default: none. */
  endsOn?: Day | undefined;
}

const FOREIGN_KEY = '23503';
const CHECK = '23514';

/**
 * Gives one person a role in an app by name, from today on. Returns the grant's id.
 * @throws {DirectoryError} `role_unknown`, `dates_backwards`
 */
export function grantRole(db: Pool | PoolClient, grant: NewGrant, change: Change = {}): Promise<string> {
  return inTransaction(db, async (tx) => {
    const { rows } = await tx
      .query<{ id: string }>(
        `INSERT INTO directory.personal_grant (person_id, client_id, role, reason, starts_on, ends_on, granted_by)
         VALUES ($1, $2, $3, $4, directory.today(), $5::date, $6) RETURNING id`,
        [grant.personId, grant.clientId, grant.role, grant.reason, grant.endsOn ?? null, change.actorPersonId ?? null],
      )
      .catch((cause: unknown) => {
        const code = cause instanceof pg.DatabaseError ? cause.code : undefined;
        if (code === FOREIGN_KEY) throw new DirectoryError('role_unknown', 'There is no such role', { cause });
        if (code === CHECK) throw new DirectoryError('dates_backwards', 'The last day has passed', { cause });
        throw cause;
      });
    await record(tx, { type: 'role.granted', subjectPersonId: grant.personId, ...change, detail: { ...grant } });
    return rows[0]?.id ?? '';
  });
}

/**
 * Takes a personal grant back; the next request in the app obeys.
 * @throws {DirectoryError} `grant_unknown`
 */
export function withdrawRole(db: Pool | PoolClient, grantId: string, change: Change = {}): Promise<void> {
  return inTransaction(db, async (tx) => {
    const { rows } = await tx.query<{ personId: string; clientId: string; role: string; reason: string }>(
      `DELETE FROM directory.personal_grant WHERE id = $1
       RETURNING person_id AS "personId", client_id AS "clientId", role, reason`,
      [grantId],
    );
    if (!rows[0]) throw new DirectoryError('grant_unknown', 'There is no such grant');
    await record(tx, { type: 'role.withdrawn', subjectPersonId: rows[0].personId, ...change, detail: { ...rows[0] } });
  });
}
