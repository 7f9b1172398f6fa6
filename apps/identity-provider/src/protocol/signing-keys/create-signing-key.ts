import { record } from '@gatehouse/audit';
import { randomToken, type Sealer } from '@gatehouse/encryption';
import { exportJWK, generateKeyPair } from 'jose';
import type { PoolClient } from 'pg';

/** `RS256` for clients that know nothing else (OpenID Connect Core 1.0 section 15.1). */
export const algorithms = ['ES256', 'RS256'] as const;
export type Algorithm = (typeof algorithms)[number];

/** Where a private key is sealed to: it opens only under its own `kid`. */
export const keyContext = (kid: string): string => `signing_key:${kid}`;

/** Serialises what changes the keys, whoever does it, until the transaction ends. */
export async function lockKeys(tx: PoolClient): Promise<void> {
  await tx.query("SELECT FROM protocol.turn WHERE name = 'signing keys' FOR UPDATE");
}

/** Makes a key pair and stores it sealed. @returns its `kid` */
export async function createKey(
  tx: PoolClient,
  sealer: Sealer,
  alg: Algorithm,
  status: 'published' | 'active',
): Promise<string> {
  const { publicKey, privateKey } = await generateKeyPair(alg, { extractable: true });
  const kid = randomToken(12);
  await tx.query(
    'INSERT INTO protocol.signing_key (kid, alg, status, public_jwk, private_jwk) VALUES ($1, $2, $3, $4, $5)',
    [
      kid,
      alg,
      status,
      JSON.stringify(await exportJWK(publicKey)),
      sealer.seal(JSON.stringify(await exportJWK(privateKey)), keyContext(kid)),
    ],
  );
  await record(tx, { type: 'key.created', detail: { kid, alg, status } });
  return kid;
}
