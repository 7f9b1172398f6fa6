import { AuthClientError } from './errors.ts';
import type { Log } from './settings.ts';

const firstPause = 0.5;
const longestPause = 10;

/**
 * Something that is made when it is first needed and kept: one attempt at a time, and after a failed one a pause that
 * doubles up to 10 seconds. During the pause callers are refused at once, so a provider that is down is not flooded
 * and nobody waits for it.
 *
 * @throws {AuthClientError} `provider_unreachable`, with the seconds after which another try is made
 */
export function createConnection<Value>(connect: () => Promise<Value>, log?: Log): () => Promise<Value> {
  let current: Promise<Value> | undefined;
  let failures = 0;
  let nextTry = 0;

  return async () => {
    if (!current && Date.now() < nextTry) throw unreachable();
    current ??= tryOnce();
    return await current;
  };

  async function tryOnce(): Promise<Value> {
    try {
      const value = await connect();
      failures = 0;
      return value;
    } catch (cause) {
      const pause = Math.min(longestPause, firstPause * 2 ** failures) * (0.5 + Math.random() / 2);
      failures += 1;
      nextTry = Date.now() + pause * 1000;
      current = undefined;
      log?.warn({ err: cause, failures }, 'the OpenID Provider cannot be reached');
      throw unreachable(cause);
    }
  }

  function unreachable(cause?: unknown): AuthClientError {
    const retryAfter = Math.max(1, Math.ceil((nextTry - Date.now()) / 1000));
    return new AuthClientError('provider_unreachable', { detail: 'discovery failed', cause, retryAfter });
  }
}
