import { Pool, type PoolClient } from 'pg';

type End = 'COMMIT' | 'ROLLBACK';

/**
 * Runs `work` in one transaction: committed when it resolves, rolled back when it throws. Given a client, it runs in
 * the transaction that the caller has open.
 *
 * @param end `ROLLBACK` only looks at what `work` would do and takes it back. It needs a pool: a transaction of the
 *   caller's is the caller's to end.
 */
export async function inTransaction<T>(db: Pool, work: (tx: PoolClient) => Promise<T>, end: End): Promise<T>;
export async function inTransaction<T>(db: Pool | PoolClient, work: (tx: PoolClient) => Promise<T>): Promise<T>;
export async function inTransaction<T>(
  db: Pool | PoolClient,
  work: (tx: PoolClient) => Promise<T>,
  end: End = 'COMMIT',
): Promise<T> {
  if (!(db instanceof Pool)) return work(db);
  const tx = await db.connect();
  try {
    await tx.query('BEGIN');
    const result = await work(tx);
    await tx.query(end);
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
