import { inTransaction as inOwnTransaction } from '@gatehouse/prisma/transaction';
import { Pool, type PoolClient } from 'pg';

export type Database = Pool | PoolClient;

/** Runs `work` in a transaction of its own, or, given a client, in the transaction that the caller has open. */
export function inTransaction<Result>(db: Database, work: (tx: PoolClient) => Promise<Result>): Promise<Result> {
  return db instanceof Pool ? inOwnTransaction(db, work) : work(db);
}
