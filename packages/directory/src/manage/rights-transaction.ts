import { inTransaction } from '@gatehouse/prisma/transaction';
import type { Pool, PoolClient } from 'pg';
import { hasAdministrator, lockAdministrators } from './administrators.ts';
import { DirectoryError } from './errors.ts';

/**
 * Changes rights in one transaction, or only looks at what a change would do and takes it back. Changes wait for each
 * other, so that the last administrator stays.
 *
 * @throws {DirectoryError} `last_administrator`, and what `work` throws
 */
export async function inRightsTransaction<Result>(
  db: Pool,
  preview: boolean,
  work: (tx: PoolClient) => Promise<Result>,
): Promise<Result> {
  return inTransaction(
    db,
    async (tx) => {
      await lockAdministrators(tx);
      const result = await work(tx);
      if (!(await hasAdministrator(tx))) {
        throw new DirectoryError('last_administrator', 'This would leave nobody who can give rights');
      }
      return result;
    },
    preview ? 'ROLLBACK' : 'COMMIT',
  );
}
