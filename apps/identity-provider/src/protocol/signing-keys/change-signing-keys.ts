import { record } from '@gatehouse/audit';
import type { Sealer } from '@gatehouse/encryption';
import { inTransaction } from '@gatehouse/prisma/transaction';
import type { Pool, PoolClient } from 'pg';
import { SESSION_SECONDS } from '../lifetimes.ts';
import { type Algorithm, createKey, lockKeys } from './create-signing-key.ts';

/** A key signs only when everybody who keeps the key set for a while has fetched it anew. In seconds. */
const PUBLISHED_SECONDS = 600;

export class SigningKeyError extends Error {
  override readonly name = 'SigningKeyError';
  readonly code: 'key_not_found' | 'key_in_wrong_state' | 'key_too_young';

  constructor(code: SigningKeyError['code'], message: string) {
    super(message);
    this.code = code;
  }
}

export interface SigningKey {
  kid: string;
  alg: Algorithm;
  status: 'published' | 'active' | 'retired';
  createdAt: Date;
  /** Since when it signs no more. */
  retiredAt: Date | null;
}

export interface Urgency {
  /**
   * Does not wait: for a key that somebody else may have. What the old key signed is refused sooner or later for it.
   */
  atOnce?: boolean | undefined;
}

const columns = 'kid, alg, status, created_at AS "createdAt", retired_at AS "retiredAt"';

export async function listKeys(pool: Pool): Promise<SigningKey[]> {
  const { rows } = await pool.query<SigningKey>(
    `SELECT ${columns} FROM protocol.signing_key ORDER BY alg, created_at DESC`,
  );
  return rows;
}

/** Makes a key that is published and does not sign yet. */
export async function addKey(pool: Pool, sealer: Sealer, alg: Algorithm): Promise<SigningKey> {
  return inTransaction(pool, async (tx) => {
    await lockKeys(tx);
    return findKey(tx, await createKey(tx, sealer, alg, 'published'));
  });
}

/**
 * Lets a published key sign, instead of the one that does: that one stays published, because what it signed is still
 * about.
 *
 * @throws {SigningKeyError} `key_not_found`, `key_in_wrong_state`; `key_too_young` unless `atOnce`
 */
export async function promoteKey(pool: Pool, kid: string, { atOnce }: Urgency = {}): Promise<SigningKey> {
  return inTransaction(pool, async (tx) => {
    await lockKeys(tx);
    const key = await findKey(tx, kid);
    requireStatus(key, 'published');
    if (!atOnce) requireAge(key.createdAt, PUBLISHED_SECONDS, 'apps may not have fetched it yet');
    await tx.query(
      `UPDATE protocol.signing_key SET status = 'retired', retired_at = now() WHERE alg = $1 AND status = 'active'`,
      [key.alg],
    );
    await tx.query(`UPDATE protocol.signing_key SET status = 'active' WHERE kid = $1`, [kid]);
    await record(tx, { type: 'key.promoted', detail: { kid, alg: key.alg, atOnce } });
    return findKey(tx, kid);
  });
}

/**
 * Takes a key that signs no more out of the key set, for good.
 *
 * @throws {SigningKeyError} `key_not_found`, `key_in_wrong_state`; `key_too_young` while something that it signed may
 * be valid, unless `atOnce`
 */
export async function retireKey(pool: Pool, kid: string, { atOnce }: Urgency = {}): Promise<void> {
  await inTransaction(pool, async (tx) => {
    await lockKeys(tx);
    const key = await findKey(tx, kid);
    requireStatus(key, 'retired');
    if (!atOnce && key.retiredAt) requireAge(key.retiredAt, SESSION_SECONDS, 'what it signed may still be valid');
    await tx.query('DELETE FROM protocol.signing_key WHERE kid = $1', [kid]);
    await record(tx, { type: 'key.retired', detail: { kid, alg: key.alg, atOnce } });
  });
}

async function findKey(tx: PoolClient, kid: string): Promise<SigningKey> {
  const { rows } = await tx.query<SigningKey>(`SELECT ${columns} FROM protocol.signing_key WHERE kid = $1`, [kid]);
  const [key] = rows;
  if (!key) throw new SigningKeyError('key_not_found', `There is no key ${kid}.`);
  return key;
}

function requireStatus({ kid, status }: SigningKey, needed: SigningKey['status']): void {
  if (status !== needed) throw new SigningKeyError('key_in_wrong_state', `${kid} is ${status}, not ${needed}.`);
}

function requireAge(since: Date, seconds: number, reason: string): void {
  const from = new Date(since.getTime() + seconds * 1000);
  if (from > new Date()) {
    throw new SigningKeyError('key_too_young', `Not before ${from.toISOString()}: ${reason}. --at-once does not wait.`);
  }
}
