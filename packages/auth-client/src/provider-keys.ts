import { createRemoteJWKSet, customFetch, errors, type JWTPayload, type JWTVerifyOptions, jwtVerify } from 'jose';
import { AuthClientError } from './errors.ts';
import type { Outgoing } from './outgoing.ts';

/** How far the provider's clock and ours may differ, in seconds. */
export const clockTolerance = 30;

/** The signing keys of an OpenID Provider, fetched when first needed and kept for ten minutes. */
export interface ProviderKeys {
  /**
   * Verifies a JWT that anybody may have sent. An unknown `kid` has the keys fetched again, at most once in 30 seconds.
   *
   * @throws {errors.JOSEError} when the token is not what `options` demand
   * @throws {AuthClientError} `provider_unreachable` when the keys cannot be fetched
   */
  verify(token: string, options: JWTVerifyOptions): Promise<JWTPayload>;
  /** The same for a JWT that came from the provider itself: an unknown `kid` has the keys fetched again at once. */
  verifyFromProvider(token: string, options: JWTVerifyOptions): Promise<JWTPayload>;
}

export function createProviderKeys(jwksUri: string, outgoing: Outgoing): ProviderKeys {
  const keys = createRemoteJWKSet(new URL(jwksUri), { [customFetch]: outgoing });

  const verify: ProviderKeys['verify'] = async (token, options) => {
    const { payload } = await jwtVerify(token, keys, { clockTolerance, ...options }).catch(asUnreachable);
    return payload;
  };

  return {
    verify,
    async verifyFromProvider(token, options) {
      try {
        return await verify(token, options);
      } catch (error) {
        if (!(error instanceof errors.JWKSNoMatchingKey)) throw error;
        await keys.reload().catch(asUnreachable);
        return await verify(token, options);
      }
    },
  };
}

/** Keys that cannot be fetched say nothing about the token. */
function asUnreachable(error: unknown): never {
  if (error instanceof errors.JWKSTimeout || (error as errors.JOSEError).code === 'ERR_JOSE_GENERIC') {
    throw new AuthClientError('provider_unreachable', { detail: 'no JWKS', cause: error, retryAfter: 5 });
  }
  throw error;
}
