import type { Pool, PoolClient } from 'pg';

export { inTransaction } from '@gatehouse/prisma/transaction';

export type Database = Pool | PoolClient;
