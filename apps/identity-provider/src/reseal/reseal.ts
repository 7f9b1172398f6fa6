import { record } from '@gatehouse/audit';
import { EncryptionError, type Sealer } from '@gatehouse/encryption';
import type { Pool } from 'pg';
import { type SealedPlace, sealedPlaces } from './places.ts';

const BATCH = 100;

export interface Resealed {
  /** Id of the key that everything is sealed with now. */
  key: string;
  resealed: number;
  /** Values that none of the keys opens, as `table.column id`. Each stays as it is. */
  unusable: string[];
}

/**
 * Seals everything anew that is not sealed with the sealer's own key, in batches. Each row is changed only if it is
 * still as it was read, so instances may run meanwhile; what is done stays done, so it may be killed and run again.
 *
 * @param onProgress told after each batch how many values have been sealed anew in this run
 */
export async function reseal(pool: Pool, sealer: Sealer, onProgress = (_done: number) => {}): Promise<Resealed> {
  const result: Resealed = { key: sealer.prefix.toString('hex'), resealed: 0, unusable: [] };
  for (const place of sealedPlaces) {
    let after: string | undefined;
    do {
      const rows = await readBatch(pool, sealer, place, after);
      for (const row of rows) await resealRow(pool, sealer, place, row, result);
      if (rows.length > 0) onProgress(result.resealed);
      after = rows.at(-1)?.id;
    } while (after !== undefined);
  }
  if (result.resealed > 0) {
    const { key, resealed, unusable } = result;
    await record(pool, { type: 'key.resealed', detail: { key, resealed, unusable: unusable.length } });
  }
  return result;
}

interface SealedRow {
  id: string;
  sealed: Buffer;
}

async function readBatch(pool: Pool, { prefix }: Sealer, { table, id, column }: SealedPlace, after = '') {
  const { rows } = await pool.query<SealedRow>(
    `SELECT ${id}::text AS id, ${column} AS sealed FROM ${table}
     WHERE substring(${column} FROM 1 FOR $1) <> $2 AND ${id}::text COLLATE "C" > $3
     ORDER BY ${id}::text COLLATE "C" LIMIT $4`,
    [prefix.length, prefix, after, BATCH],
  );
  return rows;
}

async function resealRow(
  pool: Pool,
  sealer: Sealer,
  { table, id: idColumn, column, contextOf }: SealedPlace,
  { id, sealed }: SealedRow,
  result: Resealed,
): Promise<void> {
  try {
    const next = sealer.seal(sealer.open(sealed, contextOf(id)), contextOf(id));
    const { rowCount } = await pool.query(
      `UPDATE ${table} SET ${column} = $3 WHERE ${idColumn}::text = $1 AND ${column} = $2`,
      [id, sealed, next],
    );
    result.resealed += rowCount ?? 0;
  } catch (error) {
    if (!(error instanceof EncryptionError)) throw error;
    result.unusable.push(`${table}.${column} ${id}`);
  }
}
