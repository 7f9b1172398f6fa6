import type { PoolClient } from 'pg';

/** The role that may change rights, disable people and end sessions. At least one active person always has it. */
export const administratorRole = { clientId: 'console', role: 'administrator' };

/**
 * Makes changes to who is an administrator wait for each other until the transaction ends, so that two of them in
 * parallel cannot each count on the other one's administrator.
 */
export async function lockAdministrators(tx: PoolClient): Promise<void> {
  await tx.query('SELECT protocol.lock_administrators()');
}

export async function hasAdministrator(tx: PoolClient): Promise<boolean> {
  const { rowCount } = await tx.query(
    'SELECT FROM directory.effective_role WHERE client_id = $1 AND role = $2 LIMIT 1',
    [administratorRole.clientId, administratorRole.role],
  );
  return rowCount === 1;
}
