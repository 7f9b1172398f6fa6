import { AuthClientError } from './errors.ts';
import { clockTolerance, type ProviderKeys } from './provider-keys.ts';
import type { LogoutTarget } from './store.ts';

const logoutEvent = 'http://schemas.openid.net/event/backchannel-logout';
/** How old a logout token may be, in seconds. */
const maxAge = 120;

export interface LogoutToken {
  target: LogoutTarget;
  jti: string;
  /** After this the token is refused for its age, so its `jti` need not be remembered. */
  forgettableAt: Date;
}

/**
 * Validates a logout token by every rule of Back-Channel Logout 1.0 §2.6 except that `jti` is new, which the store
 * knows.
 *
 * @throws {AuthClientError} `logout_token_invalid`, or `provider_unreachable` when it could not be judged
 */
export async function verifyLogoutToken(
  token: unknown,
  keys: ProviderKeys,
  expected: { issuer: string; clientId: string; signingAlgorithm: string },
): Promise<LogoutToken> {
  if (typeof token !== 'string') throw invalid('there is no logout_token');
  const claims = await keys
    .verify(token, {
      issuer: expected.issuer,
      audience: expected.clientId,
      algorithms: [expected.signingAlgorithm],
      typ: 'logout+jwt',
      requiredClaims: ['iat', 'exp', 'jti', 'events'],
      maxTokenAge: maxAge,
    })
    .catch((error: Error) => {
      throw error instanceof AuthClientError ? error : invalid(error.message, error);
    });
  const { sub, sid, jti, iat = 0 } = claims;
  if (!isObject(claims.events) || !isObject(claims.events[logoutEvent])) throw invalid('it is about another event');
  if ('nonce' in claims) throw invalid('it has a nonce');
  if (typeof jti !== 'string' || jti === '') throw invalid('jti is not a string');
  if (sid !== undefined && typeof sid !== 'string') throw invalid('sid is not a string');
  const forgettableAt = new Date((iat + maxAge + 2 * clockTolerance) * 1000);
  if (sid) return { target: { sid, sub }, jti, forgettableAt };
  if (sub) return { target: { sub }, jti, forgettableAt };
  throw invalid('it names neither sub nor sid');
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function invalid(detail: string, cause?: unknown): AuthClientError {
  return new AuthClientError('logout_token_invalid', { detail, cause });
}
