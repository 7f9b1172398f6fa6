import { record } from '@gatehouse/audit';
import { inTransaction } from '@gatehouse/prisma/transaction';
import type { Pool } from 'pg';
import { endSignIns } from './end-sign-ins.ts';
import { requireThirdParty } from './rotate-secret.ts';

/**
 * Removes a client with all that hangs on it, all or nothing: its consents, grants, tokens, codes and sign-ins. It can
 * no longer be told of logouts, so those that wait go too.
 *
 * @returns how many people were signed in to it
 * @throws {ClientsError} `client_not_found`, `client_is_first_party`
 */
export function removeClient(db: Pool, clientId: string): Promise<number> {
  return inTransaction(db, async (tx) => {
    await requireThirdParty(tx, clientId);
    // Gone first: from here on no code can be issued to it.
    await tx.query('DELETE FROM protocol.client_registration WHERE client_id = $1', [clientId]);
    const ended = await endSignIns(tx, { clientId }, 'client_removed');
    for (const table of ['protocol.consent', 'protocol.logout_delivery', 'directory.api_permission', 'directory.app']) {
      await tx.query(`DELETE FROM ${table} WHERE client_id = $1`, [clientId]);
    }
    await record(tx, { type: 'client.removed', clientId, detail: { ended } });
    return ended;
  });
}
