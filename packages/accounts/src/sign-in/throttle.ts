import { sha256 } from '@gatehouse/encryption';
import { addressBlocks } from '@gatehouse/web';
import type { Pool } from 'pg';
import { AccountsError } from '../errors.ts';

/** How often one counter may fail, and how long it then waits. */
export interface Allowance {
  /** Failures that cost nothing. */
  freeFailures: number;
  /** Seconds to wait after the last free failure. Each further failure doubles the wait. */
  firstWait: number;
  /** Seconds at most. Nobody is ever locked out. */
  longestWait: number;
}

export interface ThrottlePolicy {
  account: Allowance;
  /**
   * A whole office may share one address, so it is given more room. Each wider block has twice that of the one in it.
   * Counted anew each hour.
   */
  address: Allowance;
}

export const defaultPolicy: ThrottlePolicy = {
  account: { freeFailures: 5, firstWait: 5, longestWait: 15 * 60 },
  address: { freeFailures: 100, firstWait: 1, longestWait: 60 },
};

export interface Attempt {
  /** What is attempted, where it is not to sign in. Each purpose is counted apart. */
  purpose?: string | undefined;
  /** At whose account: the person's id, else what was typed. Not counted where it is left out. */
  account?: string | undefined;
  /** From where. Not counted where it is left out. */
  address?: string | undefined;
  /**
   * Proof that this very person signed in in this browser before. It has a lane of its own and is not counted by
   * address: nothing that strangers do slows it down. It guesses at this one account.
   */
  knownDevice?: string | undefined;
}

export interface Verdict {
  allowed: boolean;
  /** Seconds until the next attempt is heard, when it is not. */
  retryAfter: number;
  /** This attempt is heard, and the next one has to wait. */
  waitBegins: boolean;
}

interface Counter {
  key: string;
  /** By which allowance, and how many times its free failures. */
  by: keyof ThrottlePolicy;
  times: number;
}

/**
 * Of an attempt, in the order in which they are taken. Logins are hashed: people type their password into the wrong
 * field.
 */
function countersOf({ purpose, account, address, knownDevice }: Attempt): Counter[] {
  const prefix = purpose ? `${purpose} ` : '';
  if (account !== undefined && knownDevice !== undefined) {
    return [{ key: `${prefix}device:${hashed(`${knownDevice} ${account}`)}`, by: 'account', times: 1 }];
  }
  const hour = new Date().toISOString().slice(0, 13);
  const blocks = address === undefined ? [] : addressBlocks(address);
  return [
    ...(account === undefined
      ? []
      : [{ key: `${prefix}account:${hashed(account)}`, by: 'account' as const, times: 1 }]),
    ...blocks.map((block, index) => ({
      key: `${prefix}address:${block}@${hour}`,
      by: 'address' as const,
      times: 2 ** index,
    })),
  ];
}

const hashed = (text: string) => sha256(text).toString('base64url');

/**
 * Counts an attempt before anything is hashed, and says whether it is heard. One statement does both, so parallel
 * attempts cannot pass together: each waits for the row, and finds what the one before it wrote. An attempt that has to
 * wait is not counted, and a quiet day forgets an account's failures.
 */
export async function countAttempt(
  db: Pool,
  attempt: Attempt,
  policy: ThrottlePolicy = defaultPolicy,
): Promise<Verdict> {
  const counters = countersOf(attempt);
  const { rows } = await db.query<Verdict>(
    `WITH counter AS (
       SELECT * FROM unnest($1::text[], $2::int[], $3::float[], $4::float[])
       WITH ORDINALITY AS c (key, free, first_wait, longest_wait, place)
     ), waiting AS (
       SELECT max(t.blocked_until) AS until FROM credentials.throttle t JOIN counter USING (key)
       WHERE t.blocked_until > now()
     ), counted AS (
       INSERT INTO credentials.throttle AS t (key, failures, last_attempt_at)
       SELECT key, 1, now() FROM counter WHERE (SELECT until FROM waiting) IS NULL ORDER BY place
       ON CONFLICT (key) DO UPDATE SET
         failures = CASE WHEN t.last_attempt_at < now() - interval '1 day' THEN 1 ELSE t.failures + 1 END,
         last_attempt_at = now(),
         blocked_until = CASE WHEN t.last_attempt_at >= now() - interval '1 day' THEN (
           SELECT now() + least(longest_wait, first_wait * power(2, least(t.failures + 1 - free, 20))) * interval '1 s'
           FROM counter WHERE counter.key = t.key AND t.failures + 1 >= free) END
       WHERE t.blocked_until IS NULL OR t.blocked_until <= now()
       RETURNING blocked_until
     )
     SELECT (SELECT count(*) FROM counted) = cardinality($1) AS allowed,
            greatest(1, ceil(extract(epoch FROM (SELECT until FROM waiting) - now())))::int AS "retryAfter",
            EXISTS (SELECT FROM counted WHERE blocked_until IS NOT NULL) AS "waitBegins"`,
    [
      counters.map(({ key }) => key),
      counters.map(({ by, times }) => policy[by].freeFailures * times),
      counters.map(({ by }) => policy[by].firstWait),
      counters.map(({ by }) => policy[by].longestWait),
    ],
  );
  return rows[0] as Verdict;
}

/**
 * Counts an attempt that has to be heard, see `countAttempt`.
 * @throws {AccountsError} `throttled`
 */
export async function requireAllowed(db: Pool, attempt: Attempt, policy?: ThrottlePolicy): Promise<Verdict> {
  const verdict = await countAttempt(db, attempt, policy);
  if (verdict.allowed) return verdict;
  throw new AccountsError('throttled', 'Too many attempts', { retryAfter: verdict.retryAfter });
}

/** After the right password: the account starts afresh, and the blocks of addresses get this attempt back. */
export async function forgetFailures(db: Pool, attempt: Attempt): Promise<void> {
  const counters = countersOf(attempt);
  await db.query(
    `${holdingAll}, afresh AS (DELETE FROM credentials.throttle WHERE key = ANY ($2))
     UPDATE credentials.throttle t SET failures = failures - 1 FROM held WHERE t.key = held.key AND t.key <> ALL ($2)`,
    [counters.map(({ key }) => key), counters.filter(({ by }) => by === 'account').map(({ key }) => key)],
  );
}

/** After an attempt that came to no answer: every counter gets it back. */
export async function uncountAttempt(db: Pool, attempt: Attempt): Promise<void> {
  await db.query(
    `${holdingAll}
     UPDATE credentials.throttle t SET failures = failures - 1, blocked_until = NULL FROM held WHERE t.key = held.key`,
    [countersOf(attempt).map(({ key }) => key)],
  );
}

/** The counters in the order in which counting takes them: who took them crosswise would wait for ever. */
const holdingAll = `
  WITH held AS MATERIALIZED (
    SELECT t.key FROM credentials.throttle t WHERE t.key = ANY ($1) ORDER BY array_position($1, t.key) FOR UPDATE
  )`;
