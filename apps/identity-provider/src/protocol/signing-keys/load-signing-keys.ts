import type { Sealer } from '@gatehouse/encryption';
import { inTransaction } from '@gatehouse/prisma/transaction';
import type { JWKS } from 'oidc-provider';
import type { Pool, PoolClient } from 'pg';
import { algorithms, createKey, keyContext, lockKeys } from './create-signing-key.ts';

/**
 * The keys that sign ID, access and logout tokens, the active one of each algorithm first, because the library signs
 * with the first. The rest are published only: `published` before they sign, `retired` until what they signed has
 * expired. Makes the first key of an algorithm when there is none; of several instances that start together, one does.
 */
export async function loadSigningKeys(pool: Pool, sealer: Sealer): Promise<JWKS> {
  const rows = await inTransaction(pool, async (tx) => {
    await lockKeys(tx);
    const existing = await readKeys(tx);
    const missing = algorithms.filter((alg) => !existing.some((key) => key.alg === alg));
    if (missing.length === 0) return existing;
    for (const alg of missing) await createKey(tx, sealer, alg, 'active');
    return readKeys(tx);
  });
  return {
    keys: rows.map(({ kid, alg, sealed }) => ({
      ...JSON.parse(sealer.open(sealed, keyContext(kid)).toString()),
      kid,
      alg,
      use: 'sig',
    })),
  };
}

async function readKeys(tx: PoolClient): Promise<{ kid: string; alg: string; sealed: Buffer }[]> {
  const { rows } = await tx.query<{ kid: string; alg: string; sealed: Buffer }>(
    `SELECT kid, alg, private_jwk AS sealed FROM protocol.signing_key
     WHERE alg = ANY ($1) ORDER BY status = 'active' DESC, created_at DESC`,
    [algorithms],
  );
  return rows;
}
