import { hasAdministrator } from '@gatehouse/directory/manage';
import type { PoolClient } from 'pg';
import { AccountsError } from './errors.ts';

/** @throws {AccountsError} `last_administrator` when the transaction so far leaves none */
export async function requireRemainingAdministrator(tx: PoolClient): Promise<void> {
  if (await hasAdministrator(tx)) return;
  throw new AccountsError('last_administrator', 'This would leave nobody who administers accounts');
}
