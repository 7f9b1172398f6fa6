import { addClient, type Credentials, giveConsent } from '@gatehouse/clients';
import { createSealer } from '@gatehouse/encryption';
import { type RelyingParty, relyingParty } from './relying-party.ts';
import type { RunningProvider } from './start-provider.ts';

export const THIRD_PARTY_PORT = 7100;

export interface ThirdParty extends RelyingParty {
  credentials: Credentials;
}

/**
 * A client of somebody else's, registered as the command does.
 *
 * @param consentOf login of somebody who has agreed to all that it may ask for
 */
export async function thirdParty(
  running: Pick<RunningProvider, 'issuer' | 'db'>,
  metadata: { client_id: string } & Record<string, unknown>,
  consentOf?: string,
): Promise<ThirdParty> {
  const { db } = running;
  const { client_id: clientId } = metadata;
  const app = relyingParty(running, clientId, THIRD_PARTY_PORT);
  const method = metadata.token_endpoint_auth_method ?? 'client_secret_basic';
  const { credentials } = await addClient(
    db.owner,
    createSealer(db.encryptionKey),
    {
      redirect_uris: [app.redirectUri],
      ...(String(method).startsWith('client_secret') && { client_secret: db.clientSecret(clientId) }),
      ...metadata,
    },
    { production: false },
  );
  if (consentOf) {
    const personId = await db.personId(consentOf);
    await giveConsent(db.owner, { personId, clientId }, { scopes: credentials.scope.split(' '), apiScopes: {} });
  }
  return { ...app, credentials };
}
