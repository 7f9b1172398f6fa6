import { totpContext } from '@gatehouse/accounts';
import { secretContext } from '@gatehouse/clients';
import { signingKeyContext } from '../protocol/index.ts';

/** A column of values that are sealed with ENCRYPTION_KEY. */
export interface SealedPlace {
  table: string;
  /** Primary key of the table. */
  id: string;
  column: string;
  /** To what the value of a row is sealed. */
  contextOf(id: string): string;
}

/** Every place of the user database that holds something sealed with the identity provider's key. */
export const sealedPlaces: readonly SealedPlace[] = [
  { table: 'protocol.signing_key', id: 'kid', column: 'private_jwk', contextOf: signingKeyContext },
  { table: 'protocol.client_registration', id: 'client_id', column: 'secret', contextOf: secretContext },
  { table: 'protocol.client_registration', id: 'client_id', column: 'previous_secret', contextOf: secretContext },
  { table: 'credentials.totp', id: 'person_id', column: 'secret', contextOf: totpContext },
];
