import { record } from '@gatehouse/audit';
import { inTransaction } from '@gatehouse/prisma/transaction';
import type { Pool } from 'pg';
import { type ClientChange, lockClient } from './change.ts';
import { endSignIns } from './end-sign-ins.ts';

/** What telling a client of a logout takes; of a removed one nothing else is kept. */
const KEPT = [
  'client_uri',
  'redirect_uris',
  'backchannel_logout_uri',
  'backchannel_logout_session_required',
  'id_token_signed_response_alg',
];

/**
 * Removes a client with all that hangs on it, all or nothing: its registration and secrets, consents, grants, tokens,
 * codes and sign-ins. It is still told of the sign-ins that end here, and of those of which it was being told.
 *
 * @returns how many sign-ins ended
 * @throws {ClientsError} `client_not_found`, `client_is_first_party`
 */
export function removeClient(db: Pool, clientId: string, { by }: ClientChange = {}): Promise<number> {
  return inTransaction(db, async (tx) => {
    await lockClient(tx, clientId);
    const ended = await endSignIns(tx, { clientId }, 'client_removed');
    await tx.query(
      `INSERT INTO protocol.removed_client (client_id, title, metadata)
       SELECT client_id, a.title,
              (SELECT coalesce(jsonb_object_agg(key, value), '{}') FROM jsonb_each(r.metadata) WHERE key = ANY ($2))
       FROM protocol.client_registration r JOIN directory.app a USING (client_id)
       WHERE client_id = $1 AND EXISTS (SELECT FROM protocol.logout_delivery d WHERE d.client_id = $1)`,
      [clientId, KEPT],
    );
    for (const table of [
      'protocol.client_registration',
      'protocol.consent',
      'directory.api_permission',
      'directory.app',
    ]) {
      await tx.query(`DELETE FROM ${table} WHERE client_id = $1`, [clientId]);
    }
    await record(tx, { ...by, type: 'client.removed', clientId, detail: { ended } });
    return ended;
  });
}
