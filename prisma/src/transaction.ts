import { Pool, type PoolClient } from 'pg';

/**
 * Runs `work` in one transaction: committed when it resolves, rolled back when it throws. Given a client, it runs in
 * the transaction that the caller has open.
 */
export async function inTransaction<T>(db: Pool | PoolClient, work: (tx: PoolClient) => Promise<T>): Promise<T> {
  if (!(db instanceof Pool)) return work(db);
  const tx = await db.connect();
  try {
    await tx.query('BEGIN');
    const result = await work(tx);
    await tx.query('COMMIT');
    tx.release();
    return result;
  } catch (error) {
    await tx.query('ROLLBACK').then(
      () => tx.release(),
      (broken: Error) => tx.release(broken),
    );
    throw error;
  }
}
