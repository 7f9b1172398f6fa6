import { record } from '@gatehouse/audit';
import { isBuiltIn, reservation } from '@gatehouse/directory/reserved-names';
import { randomToken, type Sealer } from '@gatehouse/encryption';
import { inTransaction } from '@gatehouse/prisma/transaction';
import type { Pool } from 'pg';
import type { ClientChange } from './change.ts';
import { ClientsError } from './errors.ts';
import type { AddressRules } from './metadata/addresses.ts';
import { type ClientMetadata, parseMetadata } from './metadata/parse-metadata.ts';
import { toStore, usesSecret } from './metadata/to-store.ts';
import { secretContext } from './secret-context.ts';

/** What the client has to know, in the names of RFC 7591 section 3.2.1. Holds secrets: shown once, stored nowhere. */
export type Credentials = Omit<ClientMetadata, 'client_id' | 'client_secret'> & {
  client_id: string;
  client_secret?: string;
  /** Never: 0 (RFC 7591 section 3.2.1). A secret lives until it is rotated. */
  client_secret_expires_at?: number;
  client_id_issued_at: number;
  /** The private half of a key that was made for the client. */
  private_jwk?: Record<string, unknown>;
};

export interface AddedClient {
  credentials: Credentials;
  /** Fields of the input that mean nothing here. */
  ignored: string[];
}

/**
 * Registers a client of somebody else's: one that is no first-party app, so that people are asked for their consent.
 * What the metadata leaves out is made: an id, a secret of 256 bits, or a key pair for `private_key_jwt`. Every running
 * provider knows the client at once.
 *
 * @throws {ClientsError} `metadata_invalid` naming every fault, `client_exists`
 */
export async function addClient(
  db: Pool,
  sealer: Sealer,
  input: unknown,
  { access, by, ...rules }: AddressRules & Pick<ClientChange, 'by'> & { access?: 'rules' | 'everyone' | undefined },
): Promise<AddedClient> {
  const { metadata, ignored } = parseMetadata(input, rules);
  const clientId = metadata.client_id ?? randomToken(16);
  if (reservation(clientId) === 'ours' || isBuiltIn(clientId)) throw alreadyThere(clientId);
  const secret = usesSecret(metadata) ? (metadata.client_secret ?? randomToken()) : undefined;
  const { app, stored, privateJwk } = toStore(clientId, { ...metadata, access: access ?? metadata.access });
  await inTransaction(db, async (tx) => {
    const { rowCount } = await tx.query(
      `INSERT INTO directory.app (client_id, title, description, url, access, first_party, position)
       VALUES ($1, $2, $3, $4, $5::directory.app_access, false, 500) ON CONFLICT DO NOTHING`,
      [clientId, app.client_name, app.description, app.url, app.access],
    );
    if (rowCount === 0) throw alreadyThere(clientId);
    // Of what its predecessor is still to be told, it is told itself.
    await tx.query('DELETE FROM protocol.removed_client WHERE client_id = $1', [clientId]);
    await tx.query(
      `INSERT INTO protocol.client_registration (client_id, metadata, secret, shares_database, updated_at)
       VALUES ($1, $2, $3, false, now())`,
      [clientId, JSON.stringify(stored), secret === undefined ? null : sealer.seal(secret, secretContext(clientId))],
    );
    await record(tx, { ...by, type: 'client.registered', clientId, detail: { access: app.access } });
  });
  const { url: _url, ...shown } = app;
  return {
    ignored,
    credentials: {
      client_id: clientId,
      ...(secret !== undefined && { client_secret: secret, client_secret_expires_at: 0 }),
      client_id_issued_at: Math.floor(Date.now() / 1000),
      ...stored,
      ...shown,
      ...(privateJwk && { private_jwk: privateJwk }),
    },
  };
}

const alreadyThere = (clientId: string) =>
  new ClientsError('client_exists', `There is a client ${clientId} already. Remove it first, or rotate its secret.`);
