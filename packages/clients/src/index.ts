export { type AddedClient, addClient, type Credentials } from './add-client.ts';
export {
  type ApiScopes,
  CONSENT_DAYS,
  type Consent,
  type ConsentOrigin,
  findConsent,
  giveConsent,
  type ListedConsent,
  listConsents,
  revokeConsent,
} from './consents.ts';
export { ClientsError, type ClientsErrorCode } from './errors.ts';
export {
  type ClientFilter,
  countClients,
  findClient,
  listClients,
  type RegisteredClient,
} from './list-clients.ts';
export { type ClientMetadata, parseMetadata } from './metadata/parse-metadata.ts';
export { supported } from './metadata/supported.ts';
export { removeClient } from './remove-client.ts';
export { type Rotation, retirePreviousSecret, rotateSecret } from './rotate-secret.ts';
export { secretContext } from './secret-context.ts';
export { type UpdatedClient, updateClient } from './update-client.ts';
