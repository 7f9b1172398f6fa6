import { record } from '@gatehouse/audit';
import { randomToken, type Sealer } from '@gatehouse/encryption';
import { inTransaction } from '@gatehouse/prisma/transaction';
import { exportJWK, generateKeyPair } from 'jose';
import type { JWKS } from 'oidc-provider';
import type { Pool, PoolClient } from 'pg';

const ALG = 'ES256';

/**
 * The keys that sign ID, access and logout tokens, the active one first, because the library signs with the first.
 * The rest are published only: `published` before they sign, `retired` until what they signed has expired. Makes the
 * first key when there is none; of several instances that start together, one does.
 */
export async function loadSigningKeys(pool: Pool, sealer: Sealer): Promise<JWKS> {
  const rows = await inTransaction(pool, async (tx) => {
    await tx.query("SELECT pg_advisory_xact_lock(hashtext('gatehouse.signing_key'))");
    const existing = await readKeys(tx);
    if (existing.length > 0) return existing;
    await createKey(tx, sealer);
    return readKeys(tx);
  });
  return {
    keys: rows.map(({ kid, sealed }) => ({
      ...JSON.parse(sealer.open(sealed, keyContext(kid)).toString()),
      kid,
      alg: ALG,
      use: 'sig',
    })),
  };
}

/** Where a private key is sealed to: it opens only under its own `kid`. */
const keyContext = (kid: string): string => `signing_key:${kid}`;

async function readKeys(tx: PoolClient): Promise<{ kid: string; sealed: Buffer }[]> {
  const { rows } = await tx.query<{ kid: string; sealed: Buffer }>(
    `SELECT kid, private_jwk AS sealed FROM protocol.signing_key
     WHERE alg = $1 ORDER BY status = 'active' DESC, created_at DESC`,
    [ALG],
  );
  return rows;
}

async function createKey(tx: PoolClient, sealer: Sealer): Promise<void> {
  const { publicKey, privateKey } = await generateKeyPair(ALG, { extractable: true });
  const kid = randomToken(12);
  await tx.query(
    `INSERT INTO protocol.signing_key (kid, alg, status, public_jwk, private_jwk) VALUES ($1, $2, 'active', $3, $4)`,
    [
      kid,
      ALG,
      JSON.stringify(await exportJWK(publicKey)),
      sealer.seal(JSON.stringify(await exportJWK(privateKey)), keyContext(kid)),
    ],
  );
  await record(tx, { type: 'key.created', detail: { kid, alg: ALG } });
}
