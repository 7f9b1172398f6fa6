import { isStorable } from '@gatehouse/web';
import { errors, importJWK, type JWK } from 'jose';
import type { Pool } from 'pg';

/**
 * The key by which a token of ours is verified. From the database and not from memory: another instance may have signed
 * with a key that is newer than this process.
 *
 * @throws {errors.JWKSNoMatchingKey} where we have none by this id
 */
export async function publicKey(pool: Pool, kid: string | undefined) {
  // Whoever sends the token writes its header.
  if (!isStorable(kid)) throw new errors.JWKSNoMatchingKey();
  const { rows } = await pool.query<{ jwk: JWK }>({
    name: 'signing_key.public',
    text: 'SELECT public_jwk AS jwk FROM protocol.signing_key WHERE kid = $1',
    values: [kid ?? ''],
  });
  if (!rows[0]) throw new errors.JWKSNoMatchingKey();
  return importJWK(rows[0].jwk, 'ES256');
}
