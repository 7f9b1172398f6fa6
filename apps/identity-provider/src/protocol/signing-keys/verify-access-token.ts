import { errors, type JWTHeaderParameters, type JWTPayload, type JWTVerifyOptions, jwtVerify } from 'jose';
import type { Pool } from 'pg';
import { publicKey } from './public-key.ts';

/**
 * The claims of a JWT access token that we signed (RFC 9068); `undefined` where it is none of ours, has expired, or is
 * not what `checks` asks for. Whether it still counts is another question: `tokenCounts`.
 */
export async function verifyAccessToken(
  pool: Pool,
  token: string,
  checks: Pick<JWTVerifyOptions, 'audience' | 'requiredClaims'> & { issuer: string },
): Promise<JWTPayload | undefined> {
  const key = (header: JWTHeaderParameters) => publicKey(pool, header.kid);
  return jwtVerify(token, key, { ...checks, algorithms: ['ES256'], typ: 'at+jwt' }).then(
    ({ payload }) => payload,
    (error: unknown) => {
      if (error instanceof errors.JOSEError) return undefined;
      throw error;
    },
  );
}
