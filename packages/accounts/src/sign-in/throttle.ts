import { sha256 } from '@gatehouse/encryption';
import type { Pool } from 'pg';
import { addressBlock } from './address-block.ts';

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
  /** A whole office may share one address, so it is given more room. Counted anew each hour. */
  address: Allowance;
}

export const defaultPolicy: ThrottlePolicy = {
  account: { freeFailures: 5, firstWait: 5, longestWait: 15 * 60 },
  address: { freeFailures: 100, firstWait: 1, longestWait: 60 },
};

export interface Attempt {
  /** What is attempted, where it is not to sign in. Each purpose is counted apart. */
  purpose?: string | undefined;
  login: string;
  address: string;
  /** Proof that this browser signed in to this account before. It is counted apart, so strangers cannot slow it down. */
  knownDevice?: string | undefined;
}

export interface Verdict {
  allowed: boolean;
  /** Seconds until the next attempt is heard, when it is not. */
  retryAfter: number;
  /** This attempt is heard, and the next one has to wait. */
  waitBegins: boolean;
}

/** The counters of an attempt. Logins are hashed: people type their password into the wrong field. */
const keysOf = ({ purpose, login, address, knownDevice }: Attempt) => {
  const prefix = purpose ? `${purpose} ` : '';
  const account = knownDevice ? `device:${hashed(`${knownDevice} ${login}`)}` : `account:${hashed(login)}`;
  const hour = new Date().toISOString().slice(0, 13);
  return { account: prefix + account, address: `${prefix}address:${addressBlock(address)}@${hour}` };
};

const hashed = (text: string) => sha256(text).toString('base64url');

/**
 * Counts an attempt before anything is hashed, and says whether it is heard. One statement does both, so parallel
 * attempts cannot pass together: each waits for the row, and finds what the one before it wrote. An attempt that has to
 * wait is not counted, and a quiet day forgets an account's failures.
 */
export async function countAttempt(
  db: Pool,
  attempt: Attempt,
  { account, address }: ThrottlePolicy = defaultPolicy,
): Promise<Verdict> {
  const keys = keysOf(attempt);
  const { rows } = await db.query<Verdict>(
    `WITH waiting AS (
       SELECT max(blocked_until) AS until FROM credentials.throttle
       WHERE key IN ($1, $2) AND blocked_until > now()
     ), counted AS (
       INSERT INTO credentials.throttle AS t (key, failures, last_attempt_at)
       SELECT key, 1, now() FROM unnest(ARRAY[$1, $2]) key WHERE (SELECT until FROM waiting) IS NULL
       ON CONFLICT (key) DO UPDATE SET
         failures = CASE WHEN t.last_attempt_at < now() - interval '1 day' THEN 1 ELSE t.failures + 1 END,
         last_attempt_at = now(),
         blocked_until = CASE
           WHEN t.last_attempt_at < now() - interval '1 day' THEN NULL
           WHEN t.key = $1 AND t.failures + 1 >= $3
             THEN now() + least($5, $4 * power(2, least(t.failures + 1 - $3, 20))) * interval '1 s'
           WHEN t.key = $2 AND t.failures + 1 >= $6
             THEN now() + least($8, $7 * power(2, least(t.failures + 1 - $6, 20))) * interval '1 s'
         END
       WHERE t.blocked_until IS NULL OR t.blocked_until <= now()
       RETURNING blocked_until
     )
     SELECT (SELECT count(*) FROM counted) = 2 AS allowed,
            greatest(1, ceil(extract(epoch FROM (SELECT until FROM waiting) - now())))::int AS "retryAfter",
            EXISTS (SELECT FROM counted WHERE blocked_until IS NOT NULL) AS "waitBegins"`,
    [keys.account, keys.address, ...parametersOf(account), ...parametersOf(address)],
  );
  return rows[0] as Verdict;
}

const parametersOf = ({ freeFailures, firstWait, longestWait }: Allowance) => [freeFailures, firstWait, longestWait];

/** After the right password: the account starts afresh, and the address gets this attempt back. */
export async function forgetFailures(db: Pool, attempt: Attempt): Promise<void> {
  const { account, address } = keysOf(attempt);
  await db.query(
    `${holdingBoth}, account AS (DELETE FROM credentials.throttle WHERE key = $1)
     UPDATE credentials.throttle t SET failures = failures - 1 FROM held WHERE t.key = held.key AND t.key = $2`,
    [account, address],
  );
}

/** After an attempt that came to no answer: both counters get it back. */
export async function uncountAttempt(db: Pool, attempt: Attempt): Promise<void> {
  const { account, address } = keysOf(attempt);
  await db.query(
    `${holdingBoth}
     UPDATE credentials.throttle t SET failures = failures - 1, blocked_until = NULL FROM held WHERE t.key = held.key`,
    [account, address],
  );
}

/** The account's counter, then the address's, as counting takes them: who took them crosswise would wait for ever. */
const holdingBoth = `
  WITH held AS MATERIALIZED (
    SELECT key FROM credentials.throttle WHERE key IN ($1, $2) ORDER BY key = $2 FOR UPDATE
  )`;
