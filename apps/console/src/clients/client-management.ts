import { z } from 'zod';
import { type ProviderApi, ProviderApiError } from '../provider-api.ts';

/** The identity provider's API for clients, called on behalf of an administrator. */
export interface ClientManagement {
  /** @throws {ProviderApiError} */
  add(token: string, metadata: object): Promise<ClientCredentials>;
  /**
   * Puts this metadata in the place of the present one.
   * @param seenAt when the registration was last changed, as the person saw it
   * @throws {ProviderApiError}
   */
  update(token: string, clientId: string, metadata: object, seenAt: string): Promise<ClientCredentials>;
  /** @throws {ProviderApiError} */
  rotateSecret(token: string, clientId: string, seenAt: string): Promise<ClientCredentials>;
  /** @throws {ProviderApiError} */
  retirePreviousSecret(token: string, clientId: string): Promise<void>;
  /** @throws {ProviderApiError} */
  remove(token: string, clientId: string): Promise<void>;
}

/** What was made and is shown once; empty when nothing was. */
export interface ClientCredentials {
  clientId: string;
  secret?: string | undefined;
  privateKey?: Record<string, unknown> | undefined;
}

const made = z.object({
  client_id: z.string(),
  client_secret: z.string().optional(),
  private_jwk: z.record(z.string(), z.unknown()).optional(),
});
const added = z.object({ credentials: made }).transform(({ credentials }) => credentials);

/** The one place where the wire names of that API are known. */
export function createClientManagement(api: ProviderApi): ClientManagement {
  const call = (method: string, path: string, token: string, body?: object) =>
    api(method, `/clients${path}`, token, body);
  const at = (clientId: string) => `/${encodeURIComponent(clientId)}`;

  return {
    add: async (token, metadata) => credentialsIn(added, await call('POST', '', token, { metadata })),
    update: async (token, clientId, metadata, seenAt) =>
      credentialsIn(made, await call('PUT', at(clientId), token, { metadata, seen_at: seenAt })),
    rotateSecret: async (token, clientId, seenAt) =>
      credentialsIn(made, await call('POST', `${at(clientId)}/secret`, token, { seen_at: seenAt })),
    retirePreviousSecret: async (token, clientId) =>
      void (await call('DELETE', `${at(clientId)}/previous-secret`, token)),
    remove: async (token, clientId) => void (await call('DELETE', at(clientId), token)),
  };
}

function credentialsIn(schema: z.ZodType<z.output<typeof made>>, answer: unknown): ClientCredentials {
  const { success, data, error } = schema.safeParse(answer);
  if (!success) throw new ProviderApiError('unavailable', 'no credentials in the answer', { cause: error });
  return { clientId: data.client_id, secret: data.client_secret, privateKey: data.private_jwk };
}
