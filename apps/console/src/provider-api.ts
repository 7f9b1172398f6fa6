import type { Request } from 'express';
import { z } from 'zod';

/** Gives the access token of whoever sends the request. Throws when there is none that is still good. */
export type AccessToken = (req: Request) => string;

/** Asks the identity provider, in the name of whoever the token is of. @throws {ProviderApiError} */
export type ProviderApi = (method: string, path: string, token: string, body?: object) => Promise<unknown>;

/**
 * - `unavailable` no answer in time, a failure on the provider's side, or an answer that cannot be read
 * - `refused` it does not accept the token, or the person is no administrator any more
 * - anything else is the provider's own code for what is wrong
 */
export class ProviderApiError extends Error {
  override readonly name = 'ProviderApiError';
  readonly code: string;
  /** `field: what is wrong with it`, as the provider says. */
  readonly faults: readonly string[];

  constructor(code: string, detail: string, options: ErrorOptions & { faults?: readonly string[] | undefined } = {}) {
    super(`${code}: ${detail}`, options);
    this.code = code;
    this.faults = options.faults ?? [];
  }
}

const refusal = z.object({ error: z.string(), error_description: z.string(), faults: z.array(z.string()).optional() });
/** Of whoever may not ask at all; other refusals say what is wrong with what was asked. */
const notAccepted = new Set(['token_refused', 'administrator_required', 'invalid_token', 'insufficient_scope']);

/** @param timeout milliseconds that one call may take in all. Default is 5000. */
export function createProviderApi({ url, timeout = 5000 }: { url: string; timeout?: number }): ProviderApi {
  return async (method, path, token, body = {}) => {
    const response = await fetch(url + path, {
      method,
      headers: { accept: 'application/json', authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
      redirect: 'error',
      signal: AbortSignal.timeout(timeout),
    }).catch((cause: unknown) => {
      throw new ProviderApiError('unavailable', 'no answer', { cause });
    });
    const answer: unknown = await response.json().catch(() => undefined);
    if (response.ok) return answer;
    const { success, data } = refusal.safeParse(answer);
    const isKnown = success && !notAccepted.has(data.error);
    if (response.status === 401 || (response.status === 403 && !isKnown)) {
      throw new ProviderApiError('refused', 'not accepted');
    }
    if (!success || response.status >= 500) throw new ProviderApiError('unavailable', `status ${response.status}`);
    throw new ProviderApiError(data.error, data.error_description, { faults: data.faults });
  };
}
