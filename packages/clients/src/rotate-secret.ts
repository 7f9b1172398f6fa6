import { record } from '@gatehouse/audit';
import { randomToken, type Sealer } from '@gatehouse/encryption';
import { inTransaction } from '@gatehouse/prisma/transaction';
import type { Pool } from 'pg';
import { type ClientChange, lockClient } from './change.ts';
import { ClientsError } from './errors.ts';
import { secretContext } from './secret-context.ts';

export interface Rotation extends ClientChange {
  /** A secret to take over, instead of a new one. */
  secret?: string | undefined;
  /** When the secret before stops working. By default it works until `retirePreviousSecret`. */
  previousUntil?: Date | undefined;
}

/**
 * Gives a client a new secret. The one before works beside it, so that nothing stops while the client changes over;
 * an older one that was still there stops now.
 *
 * @throws {ClientsError} `client_not_found`, `client_is_first_party`, `client_changed`, `client_has_no_secret`
 */
export async function rotateSecret(
  db: Pool,
  sealer: Sealer,
  clientId: string,
  { secret = randomToken(), previousUntil, by, seenAt }: Rotation = {},
): Promise<{ client_id: string; client_secret: string; previous_secret_expires_at: number | null }> {
  await inTransaction(db, async (tx) => {
    await lockClient(tx, clientId, { seenAt });
    const { rowCount } = await tx.query(
      `UPDATE protocol.client_registration
       SET previous_secret = secret, previous_secret_expires_at = $3, secret = $2, updated_at = now()
       WHERE client_id = $1 AND secret IS NOT NULL`,
      [clientId, sealer.seal(secret, secretContext(clientId)), previousUntil ?? null],
    );
    if (rowCount === 0) throw new ClientsError('client_has_no_secret', `${clientId} does not sign in with a secret.`);
    await record(tx, { ...by, type: 'client.secret_rotated', clientId, detail: { previousUntil } });
  });
  return {
    client_id: clientId,
    client_secret: secret,
    previous_secret_expires_at: previousUntil ? Math.floor(+previousUntil / 1000) : null,
  };
}

/**
 * Stops the secret before the present one.
 *
 * @throws {ClientsError} `client_not_found`, `client_is_first_party`, `no_previous_secret`
 */
export async function retirePreviousSecret(db: Pool, clientId: string, { by }: ClientChange = {}): Promise<void> {
  await inTransaction(db, async (tx) => {
    await lockClient(tx, clientId);
    const { rowCount } = await tx.query(
      `UPDATE protocol.client_registration
       SET previous_secret = NULL, previous_secret_expires_at = NULL, updated_at = now()
       WHERE client_id = $1 AND previous_secret IS NOT NULL`,
      [clientId],
    );
    if (rowCount === 0) throw new ClientsError('no_previous_secret', `${clientId} has only its present secret.`);
    await record(tx, { ...by, type: 'client.secret_retired', clientId });
  });
}
