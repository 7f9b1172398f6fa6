import { record } from '@gatehouse/audit';
import { randomToken, type Sealer } from '@gatehouse/encryption';
import { inTransaction } from '@gatehouse/prisma/transaction';
import { exportJWK, generateKeyPair } from 'jose';
import type { JWKS } from 'oidc-provider';
import type { Pool, PoolClient } from 'pg';

/** `RS256` for clients that know nothing else (OpenID Connect Core 1.0 section 15.1). */
const ALGS = ['ES256', 'RS256'] as const;
type Alg = (typeof ALGS)[number];

/**
 * The keys that sign ID, access and logout tokens, the active one of each algorithm first, because the
 * library signs with the first.
 * The rest are published only: `published` before they sign, `retired` until what they signed has expired. Makes the
 * first key of an algorithm when there is none; of several instances that start together, one does.
 */
export async function loadSigningKeys(pool: Pool, sealer: Sealer): Promise<JWKS> {
  const rows = await inTransaction(pool, async (tx) => {
    await tx.query("SELECT pg_advisory_xact_lock(hashtext('gatehouse.signing_key'))");
    const existing = await readKeys(tx);
    const missing = ALGS.filter((alg) => !existing.some((key) => key.alg === alg));
    if (missing.length === 0) return existing;
    for (const alg of missing) await createKey(tx, sealer, alg);
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

/** Where a private key is sealed to: it opens only under its own `kid`. */
const keyContext = (kid: string): string => `signing_key:${kid}`;

async function readKeys(tx: PoolClient): Promise<{ kid: string; alg: string; sealed: Buffer }[]> {
  const { rows } = await tx.query<{ kid: string; alg: string; sealed: Buffer }>(
    `SELECT kid, alg, private_jwk AS sealed FROM protocol.signing_key
     WHERE alg = ANY ($1) ORDER BY status = 'active' DESC, created_at DESC`,
    [ALGS],
  );
  return rows;
}

async function createKey(tx: PoolClient, sealer: Sealer, alg: Alg): Promise<void> {
  const { publicKey, privateKey } = await generateKeyPair(alg, { extractable: true });
  const kid = randomToken(12);
  await tx.query(
    `INSERT INTO protocol.signing_key (kid, alg, status, public_jwk, private_jwk) VALUES ($1, $2, 'active', $3, $4)`,
    [
      kid,
      alg,
      JSON.stringify(await exportJWK(publicKey)),
      sealer.seal(JSON.stringify(await exportJWK(privateKey)), keyContext(kid)),
    ],
  );
  await record(tx, { type: 'key.created', detail: { kid, alg } });
}
