import { z } from 'zod';

/** The API of Human Resources, called on behalf of a person. */
export interface HumanResources {
  /**
   * Who manages a person today; `undefined` at the top of the line.
   * @param accessToken the caller's access token for this API
   * @throws {HumanResourcesError}
   */
  managerOf(personId: string, accessToken: string): Promise<Manager | undefined>;
}

export interface Manager {
  personId: string;
  name: string;
  email: string;
}

/**
 * - `unavailable` no answer in time, or a failure on their side
 * - `refused` they do not accept our token, or do not know the person
 * - `answer_unreadable` they answered something else
 */
export class HumanResourcesError extends Error {
  override readonly name = 'HumanResourcesError';
  readonly code: 'unavailable' | 'refused' | 'answer_unreadable';

  constructor(code: HumanResourcesError['code'], detail: string, options?: ErrorOptions) {
    super(`${code}: ${detail}`, options);
    this.code = code;
  }
}

export interface HumanResourcesOptions {
  /** Origin of the app. */
  url: string;
  /** Milliseconds that one call may take in all. Default is 2000. */
  timeout?: number;
}

const managerAnswer = z
  .object({ manager: z.object({ person_id: z.uuid(), name: z.string(), email: z.string() }).nullable() })
  .transform(({ manager }): Manager | undefined =>
    manager ? { personId: manager.person_id, name: manager.name, email: manager.email } : undefined,
  );

/** The one place where the wire names of Human Resources' API are known. */
export function createHumanResources({ url, timeout = 2000 }: HumanResourcesOptions): HumanResources {
  return {
    async managerOf(personId, accessToken) {
      const response = await get(`${url}/api/people/${encodeURIComponent(personId)}/manager`, accessToken, timeout);
      const answer = managerAnswer.safeParse(await response.json().catch(() => undefined));
      if (!answer.success)
        throw new HumanResourcesError('answer_unreadable', 'no manager in it', { cause: answer.error });
      return answer.data;
    },
  };
}

async function get(url: string, accessToken: string, timeout: number): Promise<Response> {
  const response = await fetch(url, {
    headers: { accept: 'application/json', authorization: `Bearer ${accessToken}` },
    redirect: 'error',
    signal: AbortSignal.timeout(timeout),
  }).catch((cause: unknown) => {
    throw new HumanResourcesError('unavailable', 'no answer', { cause });
  });
  if (response.status >= 500) throw new HumanResourcesError('unavailable', `status ${response.status}`);
  if (!response.ok) throw new HumanResourcesError('refused', `status ${response.status}`);
  return response;
}
