import { createTestDatabase, type TestDatabase } from '@gatehouse/test-kit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Attempt, countAttempt, defaultPolicy, forgetFailures, uncountAttempt } from './throttle.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.close());

const { freeFailures } = defaultPolicy.account;
let addresses = 0;
const attemptOn = (account: string): Attempt => ({ account, address: `198.51.100.${++addresses}` });
const count = (attempt: Attempt) => countAttempt(db.owner, attempt);

/** As if this many seconds had gone by. */
async function wait(seconds: number) {
  await db.owner.query(
    `UPDATE credentials.throttle SET last_attempt_at = last_attempt_at - $1 * interval '1 s',
                                     blocked_until = blocked_until - $1 * interval '1 s'`,
    [seconds],
  );
}

describe('an account', () => {
  it('S30 hears five of 200 parallel attempts and refuses the rest', async () => {
    const verdicts = await Promise.all(Array.from({ length: 200 }, () => count(attemptOn('parallel'))));
    expect(verdicts.filter(({ allowed }) => allowed)).toHaveLength(freeFailures);
  });

  it('S32 has to wait 5 s, 10 s, 20 s … and never longer than 15 minutes', async () => {
    for (let failure = 1; failure <= freeFailures; failure++) {
      expect(await count(attemptOn('victim'))).toMatchObject({ allowed: true, waitBegins: failure === freeFailures });
    }
    for (const seconds of [5, 10, 20, 40, 80, 160, 320, 640, 900, 900]) {
      expect(await count(attemptOn('victim'))).toEqual({ allowed: false, retryAfter: seconds, waitBegins: false });
      await wait(seconds);
      expect(await count(attemptOn('victim'))).toMatchObject({ allowed: true });
    }
  });

  it('S32 starts afresh after the right password, and after a quiet day', async () => {
    const attempt = attemptOn('owner');
    for (let failure = 1; failure <= freeFailures; failure++) await count(attempt);
    expect(await count(attempt)).toMatchObject({ allowed: false });
    await forgetFailures(db.owner, attempt);
    for (let failure = 1; failure <= freeFailures; failure++) {
      expect(await count(attempt)).toMatchObject({ allowed: true });
    }
    await wait(24 * 60 * 60 + 1);
    for (let failure = 1; failure <= freeFailures; failure++) {
      expect(await count(attempt)).toMatchObject({ allowed: true });
    }
    expect(await count(attempt)).toMatchObject({ allowed: false });
  });

  it('C43 is open to its owner on a known device while strangers have to wait', async () => {
    for (let failure = 1; failure <= freeFailures; failure++) await count(attemptOn('director'));
    expect(await count(attemptOn('director'))).toMatchObject({ allowed: false });
    const known = { ...attemptOn('director'), knownDevice: 'device of the director' };
    expect(await count(known)).toMatchObject({ allowed: true });
    for (let failure = 1; failure < freeFailures; failure++) await count(known);
    expect(await count(known)).toMatchObject({ allowed: false });
  });

  it('gets back an attempt that came to no answer', async () => {
    const attempt = attemptOn('busy');
    for (let failure = 1; failure <= freeFailures * 2; failure++) {
      expect(await count(attempt)).toMatchObject({ allowed: true });
      await uncountAttempt(db.owner, attempt);
    }
  });
});

describe('an address', () => {
  const spray = async (addressOf: (attempt: number) => string, attempts: number) => {
    const verdicts = [];
    for (let attempt = 0; attempt < attempts; attempt++) {
      verdicts.push(await count({ account: `spray-${attempt}`, address: addressOf(attempt) }));
    }
    return verdicts.filter(({ allowed }) => allowed).length;
  };

  it('S31 may fail on 100 accounts an hour, then has to wait; the accounts do not', async () => {
    expect(await spray(() => '203.0.113.9', 110)).toBe(100);
    expect(await count(attemptOn('spray-105'))).toMatchObject({ allowed: true });
    const { rows } = await db.owner.query(
      `SELECT max(failures) AS most FROM credentials.throttle WHERE key LIKE 'account:%' AND failures < 3`,
    );
    expect(rows[0].most).toBeLessThanOrEqual(2);
  });

  it('S31 counts a whole IPv6 /64 as one', async () => {
    expect(await spray((attempt) => `2001:db8:1:2::${attempt.toString(16)}`, 110)).toBe(100);
    expect(await count({ account: 'neighbour', address: '2001:db8:1:3::1' })).toMatchObject({ allowed: true });
  });

  it('S110 is one of many in a wider block, which has its own allowance, and the neighbouring one has another', async () => {
    await db.owner.query('DELETE FROM credentials.throttle');
    const hex = (attempt: number) => attempt.toString(16);
    expect(await spray((attempt) => `2001:db8:aa:${hex((attempt % 200) << 8)}::1`, 405)).toBe(400);
    expect(await spray((attempt) => `2001:db8:bb:${hex(attempt % 4)}::1`, 205)).toBe(200);
    expect(await spray((attempt) => `192.0.2.${attempt % 250}`, 205)).toBe(200);
    expect(await count({ account: 'neighbour', address: '2001:db8:ab::1' })).toMatchObject({ allowed: true });
    expect(await count({ account: 'neighbour', address: '192.0.3.1' })).toMatchObject({ allowed: true });
    const known = { account: 'owner', address: '192.0.2.7', knownDevice: 'laptop of the owner' };
    expect(await count({ ...known, knownDevice: undefined })).toMatchObject({ allowed: false });
    expect(await count(known)).toMatchObject({ allowed: true });
  });

  it('is not charged for the right password', async () => {
    for (let attempt = 0; attempt < 105; attempt++) {
      const success = { account: `monday-${attempt}`, address: '203.0.113.77' };
      expect(await count(success)).toMatchObject({ allowed: true });
      await forgetFailures(db.owner, success);
    }
  });
});

it('S30 attempts of one person at one address never stand in each other’s way', async () => {
  const attempt = attemptOn('busy');
  const generous = { freeFailures: 10_000, firstWait: 1, longestWait: 1 };
  const countGenerously = () => countAttempt(db.owner, attempt, { account: generous, address: generous });
  const outcomes = await Promise.allSettled(
    Array.from({ length: 300 }, () => [
      countGenerously(),
      forgetFailures(db.owner, attempt),
      countGenerously(),
      uncountAttempt(db.owner, attempt),
    ]).flat(),
  );
  expect(outcomes.filter(({ status }) => status === 'rejected')).toEqual([]);
  expect(outcomes[0]).toMatchObject({ value: { allowed: true } });
});
