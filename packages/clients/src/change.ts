import type { PoolClient } from 'pg';
import { ClientsError } from './errors.ts';

/** Who makes a change; kept in its audit event. Nobody by name where the owner of the database does, by the command. */
export interface ChangeOrigin {
  actorPersonId?: string | undefined;
  requestId?: string | undefined;
}

export interface ClientChange {
  by?: ChangeOrigin | undefined;
  /** `updated_at` of the registration that whoever makes the change has looked at. By default any will do. */
  seenAt?: Date | undefined;
}

/**
 * Locks a client of somebody else's until the transaction ends. First-party apps come from their manifests, and their
 * secrets from provisioning, which would undo the change.
 *
 * @throws {ClientsError} `client_not_found`, `client_is_first_party`, `client_changed` since `seenAt`
 */
export async function lockClient(tx: PoolClient, clientId: string, { seenAt }: ClientChange = {}): Promise<void> {
  const { rows } = await tx.query<{ firstParty: boolean; updatedAt: Date | null }>(
    `SELECT a.first_party AS "firstParty", r.updated_at AS "updatedAt"
     FROM directory.app a LEFT JOIN protocol.client_registration r USING (client_id)
     WHERE client_id = $1 FOR UPDATE OF a`,
    [clientId],
  );
  const [client] = rows;
  if (!client) throw new ClientsError('client_not_found', `There is no client ${clientId}.`);
  if (client.firstParty) {
    throw new ClientsError('client_is_first_party', `${clientId} is an app of this repository: see its manifest.`);
  }
  if (seenAt && +seenAt !== +(client.updatedAt ?? 0)) {
    throw new ClientsError('client_changed', `${clientId} was changed meanwhile. Look at it again.`);
  }
}
