import { record } from '@gatehouse/audit';
import { inTransaction } from '@gatehouse/prisma/transaction';
import type { Pool, PoolClient } from 'pg';
import type { Change } from './change.ts';
import { DirectoryError } from './errors.ts';

/** A department below another one. */
export interface NewDepartment {
  /** By which manifests and spreadsheets name it. It stays. */
  code: string;
  name: string;
  parentCode: string;
}

/** @throws {DirectoryError} `department_unknown` (the one above), `code_taken` */
export function createDepartment(
  db: Pool | PoolClient,
  { code, name, parentCode }: NewDepartment,
  change: Change = {},
): Promise<string> {
  return inTransaction(db, async (tx) => {
    const parentId = await idOf(tx, 'department', parentCode);
    const { rows } = await tx.query<{ id: string }>(
      `INSERT INTO directory.department (code, name, parent_id) VALUES ($1, $2, $3)
       ON CONFLICT (code) DO NOTHING RETURNING id`,
      [code, name, parentId],
    );
    if (!rows[0]) throw new DirectoryError('code_taken', `There is a department ${code} already`);
    await record(tx, { type: 'department.created', ...change, detail: { code, name, parentCode } });
    return rows[0].id;
  });
}

/** A post of a department. */
export interface NewDesignation {
  code: string;
  title: string;
  departmentCode: string;
  /** The designation whose holders manage the holders of this one. Default: none. */
  reportsToCode?: string | undefined;
}

/** @throws {DirectoryError} `department_unknown`, `designation_unknown` (the one it reports to), `code_taken` */
export function createDesignation(
  db: Pool | PoolClient,
  { code, title, departmentCode, reportsToCode }: NewDesignation,
  change: Change = {},
): Promise<string> {
  return inTransaction(db, async (tx) => {
    const departmentId = await idOf(tx, 'department', departmentCode);
    const reportsToId = reportsToCode === undefined ? null : await idOf(tx, 'designation', reportsToCode);
    const { rows } = await tx.query<{ id: string }>(
      `INSERT INTO directory.designation (code, title, department_id, reports_to_id) VALUES ($1, $2, $3, $4)
       ON CONFLICT (code) DO NOTHING RETURNING id`,
      [code, title, departmentId, reportsToId],
    );
    if (!rows[0]) throw new DirectoryError('code_taken', `There is a designation ${code} already`);
    await record(tx, {
      type: 'designation.created',
      ...change,
      detail: { code, title, departmentCode, reportsToCode },
    });
    return rows[0].id;
  });
}

export async function idOf(tx: PoolClient, table: 'designation' | 'department', code: string): Promise<string> {
  const { rows } = await tx.query<{ id: string }>(`SELECT id FROM directory.${table} WHERE code = $1`, [code]);
  if (rows[0]) return rows[0].id;
  throw new DirectoryError(`${table}_unknown`, `There is no ${table} ${code}`);
}
