import type { Request } from 'express';
import { z } from 'zod';

/** The identity provider's API for clients, called on behalf of an administrator. */
export interface ClientManagement {
  /** @throws {ClientManagementError} */
  add(token: string, metadata: object): Promise<ClientCredentials>;
  /**
   * Puts this metadata in the place of the present one.
   * @param seenAt when the registration was last changed, as the person saw it
   * @throws {ClientManagementError}
   */
  update(token: string, clientId: string, metadata: object, seenAt: string): Promise<ClientCredentials>;
  /** @throws {ClientManagementError} */
  rotateSecret(token: string, clientId: string, seenAt: string): Promise<ClientCredentials>;
  /** @throws {ClientManagementError} */
  retirePreviousSecret(token: string, clientId: string): Promise<void>;
  /** @throws {ClientManagementError} */
  remove(token: string, clientId: string): Promise<void>;
}

/** Gives the access token of whoever sends the request. Throws when there is none that is still good. */
export type AccessToken = (req: Request) => string;

/** What was made and is shown once; empty when nothing was. */
export interface ClientCredentials {
  clientId: string;
  secret?: string | undefined;
  privateKey?: Record<string, unknown> | undefined;
}

/**
 * - `unavailable` no answer in time, a failure on the provider's side, or an answer that cannot be read
 * - `refused` it does not accept the token, or the person is no administrator any more
 * - anything else is the provider's own code for what is wrong
 */
export class ClientManagementError extends Error {
  override readonly name = 'ClientManagementError';
  readonly code: string;
  /** `field: what is wrong with it`, as the provider says. */
  readonly faults: readonly string[];

  constructor(code: string, detail: string, options: ErrorOptions & { faults?: readonly string[] | undefined } = {}) {
    super(`${code}: ${detail}`, options);
    this.code = code;
    this.faults = options.faults ?? [];
  }
}

const made = z.object({
  client_id: z.string(),
  client_secret: z.string().optional(),
  private_jwk: z.record(z.string(), z.unknown()).optional(),
});
const added = z.object({ credentials: made }).transform(({ credentials }) => credentials);
const refusal = z.object({ error: z.string(), error_description: z.string(), faults: z.array(z.string()).optional() });

/**
 * The one place where the wire names of that API are known.
 * @param timeout milliseconds that one call may take in all. Default is 5000.
 */
export function createClientManagement({ url, timeout = 5000 }: { url: string; timeout?: number }): ClientManagement {
  async function call(method: string, path: string, token: string, body: object = {}): Promise<unknown> {
    const response = await fetch(`${url}/clients${path}`, {
      method,
      headers: { accept: 'application/json', authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
      redirect: 'error',
      signal: AbortSignal.timeout(timeout),
    }).catch((cause: unknown) => {
      throw new ClientManagementError('unavailable', 'no answer', { cause });
    });
    const answer: unknown = await response.json().catch(() => undefined);
    if (response.ok) return answer;
    if (response.status === 401 || response.status === 403) throw new ClientManagementError('refused', 'not accepted');
    const { success, data } = refusal.safeParse(answer);
    if (!success || response.status >= 500) {
      throw new ClientManagementError('unavailable', `status ${response.status}`);
    }
    throw new ClientManagementError(data.error, data.error_description, { faults: data.faults });
  }

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
  if (!success) throw new ClientManagementError('unavailable', 'no credentials in the answer', { cause: error });
  return { clientId: data.client_id, secret: data.client_secret, privateKey: data.private_jwk };
}
