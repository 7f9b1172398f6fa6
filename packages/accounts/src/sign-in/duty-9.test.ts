import { createSealer } from '@gatehouse/encryption';
import { createTestDatabase, type TestDatabase } from '@gatehouse/test-kit';
import type { Pool } from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { poolOf } from '../../testing/fixtures.ts';
import { checkSecondFactor } from '../factors/check-second-factor.ts';
import { authenticate } from './authenticate.ts';
import { defaultPolicy } from './throttle.ts';

const AT_ONCE = 50;

let db: TestDatabase;
let provider: Pool;
beforeAll(async () => {
  db = await createTestDatabase();
  provider = poolOf(db, 'identity-provider');
});
beforeEach(() => db.owner.query('DELETE FROM credentials.throttle'));
afterAll(async () => {
  await provider.end();
  await db.close();
});

/**
 * The same database, but an attempt is counted the naive way: first everybody looks whether they have to wait, and what
 * they did is written when all have looked.
 */
function checkedThenCounted(pool: Pool): Pool {
  const { promise: allHaveLooked, resolve } = Promise.withResolvers<void>();
  let looked = 0;
  return new Proxy(pool, {
    get(target, name) {
      if (name !== 'query') return Reflect.get(target, name);
      return async (statement: string | { text: string }, values?: unknown[]) => {
        const text = typeof statement === 'string' ? statement : statement.text;
        if (!text.includes('INSERT INTO credentials.throttle')) return target.query(statement as string, values);
        const { rows } = await target.query(
          'SELECT FROM credentials.throttle WHERE key = ANY ($1) AND blocked_until > now()',
          values?.slice(0, 1),
        );
        looked += 1;
        if (looked === AT_ONCE) resolve();
        await allHaveLooked;
        await target.query(text, values);
        return { rows: [{ allowed: rows.length === 0, retryAfter: 1, waitBegins: false }] };
      };
    },
  });
}

/** How many of 50 guesses at once are heard. */
async function heard(guess: (n: number) => Promise<unknown>): Promise<number> {
  const outcomes = await Promise.allSettled(Array.from({ length: AT_ONCE }, (_, n) => guess(n)));
  const codes = outcomes.map((outcome) => (outcome.status === 'rejected' ? outcome.reason.code : 'let in'));
  return codes.filter((code) => code !== 'throttled').length;
}

const address = '203.0.113.9';
const kinds: [string, (pool: Pool) => Promise<number>][] = [
  [
    'S30 passwords',
    (pool) => {
      const hasher = { hash: async () => '', matches: async () => false };
      return heard((n) => authenticate({ pool, hasher }, { login: 'tomas.reyes', password: `guess ${n}`, address }));
    },
  ],
  [
    'S35 second factors',
    async (pool) => {
      const [sealer, personId] = [createSealer(db.encryptionKey), await db.personId('tomas.reyes')];
      return heard((n) => checkSecondFactor({ pool, sealer }, { personId, code: String(100_000 + n), address }));
    },
  ],
];

describe('duty 9 attempts are counted before they are checked, in one statement', () => {
  it.each(kinds)('%s: with the guard, five of 50 guesses at once are heard', async (_, heardOf) => {
    expect(await heardOf(provider)).toBe(defaultPolicy.account.freeFailures);
  });

  it.each(kinds)('%s: without it, where one looks first and counts afterwards, all are', async (_, heardOf) => {
    expect(await heardOf(checkedThenCounted(provider))).toBe(AT_ONCE);
  });
});
