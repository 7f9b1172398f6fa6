import { isDeepStrictEqual } from 'node:util';
import { record } from '@gatehouse/audit';
import { randomToken, type Sealer } from '@gatehouse/encryption';
import { inTransaction } from '@gatehouse/prisma/transaction';
import type { Pool, PoolClient } from 'pg';
import { type ClientChange, lockClient } from './change.ts';
import { ClientsError } from './errors.ts';
import type { AddressRules } from './metadata/addresses.ts';
import { type ClientMetadata, parseMetadata } from './metadata/parse-metadata.ts';
import { toStore, usesSecret } from './metadata/to-store.ts';
import { secretContext } from './secret-context.ts';

export interface UpdatedClient {
  client_id: string;
  /** Names of what is different now. */
  changed: string[];
  /** Fields of the input that mean nothing here. */
  ignored: string[];
  /** Made now, because the client signs in by a secret from now on. Shown once. */
  client_secret?: string;
  /** The private half of a key that was made for it now. Shown once. */
  private_jwk?: Record<string, unknown>;
}

/**
 * Puts the given metadata in the place of a client's present one (as RFC 7592 section 2.2 does): what is left out takes
 * its default. The secrets stay while the client signs in by them. What was granted before lives on until its session
 * ends. Every running provider knows the change at once.
 *
 * @throws {ClientsError} `metadata_invalid` naming every fault, `client_not_found`, `client_is_first_party`,
 *   `client_changed`
 */
export async function updateClient(
  db: Pool,
  sealer: Sealer,
  clientId: string,
  input: unknown,
  { by, seenAt, ...rules }: AddressRules & ClientChange,
): Promise<UpdatedClient> {
  const { metadata, ignored } = parseMetadata(input, rules);
  refuseIdentity(clientId, metadata);
  const { app, stored, privateJwk } = toStore(clientId, metadata);
  return inTransaction(db, async (tx) => {
    await lockClient(tx, clientId, { seenAt });
    const before = await readClient(tx, clientId);
    const { url: _url, ...shown } = app;
    const changed = differences(before.metadata, JSON.parse(JSON.stringify({ ...stored, ...shown })));
    const secret = usesSecret(metadata) && !before.hasSecret ? randomToken() : undefined;
    if (changed.length > 0) {
      await tx.query(
        `UPDATE directory.app SET title = $2, description = $3, url = $4, access = $5::directory.app_access
         WHERE client_id = $1`,
        [clientId, app.client_name, app.description, app.url, app.access],
      );
      await tx.query('UPDATE protocol.client_registration SET metadata = $2, updated_at = now() WHERE client_id = $1', [
        clientId,
        JSON.stringify(stored),
      ]);
      if (secret !== undefined || !usesSecret(metadata)) {
        await tx.query(
          `UPDATE protocol.client_registration
           SET secret = $2, previous_secret = NULL, previous_secret_expires_at = NULL WHERE client_id = $1`,
          [clientId, secret === undefined ? null : sealer.seal(secret, secretContext(clientId))],
        );
      }
      await record(tx, { ...by, type: 'client.changed', clientId, detail: { changed } });
    }
    return {
      client_id: clientId,
      changed,
      ignored,
      ...(secret !== undefined && { client_secret: secret }),
      ...(privateJwk && { private_jwk: privateJwk }),
    };
  });
}

function refuseIdentity(clientId: string, metadata: ClientMetadata): void {
  const faults: string[] = [];
  if (metadata.client_id !== undefined && metadata.client_id !== clientId) faults.push('client_id: cannot be changed');
  if (metadata.client_secret !== undefined) faults.push('client_secret: is changed by rotating it');
  if (faults.length > 0) throw new ClientsError('metadata_invalid', 'The client is not changed:', faults);
}

async function readClient(tx: PoolClient, clientId: string) {
  const { rows } = await tx.query<{ metadata: Record<string, unknown>; hasSecret: boolean }>(
    `SELECT r.metadata || jsonb_build_object('client_name', a.title, 'description', a.description, 'access', a.access)
              AS metadata, r.secret IS NOT NULL AS "hasSecret"
     FROM protocol.client_registration r JOIN directory.app a USING (client_id) WHERE client_id = $1`,
    [clientId],
  );
  if (!rows[0]) throw new ClientsError('client_not_found', `There is no client ${clientId}.`);
  return rows[0];
}

function differences(before: Record<string, unknown>, after: Record<string, unknown>): string[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return names.filter((name) => !isDeepStrictEqual(before[name], after[name])).sort();
}
