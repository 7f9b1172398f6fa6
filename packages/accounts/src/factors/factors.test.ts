import { createSealer } from '@gatehouse/encryption';
import { createTestDatabase, type TestDatabase } from '@gatehouse/test-kit';
import { Secret, TOTP } from 'otpauth';
import type { Pool } from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { poolOf, remains, startSession } from '../../testing/fixtures.ts';
import { addTotp, createTotpSecret } from './add-totp.ts';
import { checkSecondFactor } from './check-second-factor.ts';
import { factorsOf } from './factors-of.ts';
import { removeFactors } from './remove-factors.ts';

let db: TestDatabase;
/** Two instances of the provider. */
let pools: [Pool, Pool];
let personId: string;
let secret: string;
let recoveryCodes: string[];
beforeAll(async () => {
  db = await createTestDatabase();
  pools = [poolOf(db, 'identity-provider'), poolOf(db, 'identity-provider')];
  personId = await db.personId('tomas.reyes');
});
beforeEach(async () => {
  await db.owner.query('DELETE FROM credentials.throttle; DELETE FROM credentials.totp');
  ({ secret } = createTotpSecret({ issuer: 'id.example', login: 'tomas.reyes' }));
  recoveryCodes = await add(codeAt(-1));
});
afterAll(async () => {
  await Promise.all(pools.map((pool) => pool.end()));
  await db.close();
});

const sealer = () => createSealer(db.encryptionKey);
const codeAt = (stepsAway: number) =>
  new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: Date.now() + stepsAway * 30_000 });
const add = async (code: string) =>
  addTotp({ pool: pools[0], sealer: sealer() }, { ...(await db.owns(personId)), secret, code });
const check = (code: string, instance: 0 | 1 = 0) =>
  checkSecondFactor({ pool: pools[instance], sealer: sealer() }, { personId, code, address: '203.0.113.9' });
const inFullWidth = (code: string) => code.replace(/[!-~]/g, (c) => String.fromCharCode(c.charCodeAt(0) + 0xfee0));
const fulfilled = (outcomes: PromiseSettledResult<unknown>[]) =>
  outcomes.filter(({ status }) => status === 'fulfilled').length;

describe('a code of the authenticator app', () => {
  it('S35 is taken once, whichever instance it reaches, and never an earlier one after it', async () => {
    const code = codeAt(0);
    const outcomes = await Promise.allSettled(Array.from({ length: 4 }, (_, n) => check(code, n % 2 === 0 ? 0 : 1)));
    expect(fulfilled(outcomes)).toBe(1);
    await expect(check(code)).rejects.toMatchObject({ code: 'code_wrong' });
    await expect(check(codeAt(-1))).rejects.toMatchObject({ code: 'code_wrong' });
    await db.owner.query('DELETE FROM credentials.throttle');
    await check(codeAt(1));
  });

  it('S35 of 200 guesses at once few are looked at, and the right one among them is not taken', async () => {
    const guesses = Array.from({ length: 200 }, (_, n) => check(String(n).padStart(6, '0'), n % 2 === 0 ? 0 : 1));
    const outcomes = await Promise.allSettled([...guesses, check(codeAt(0))]);
    const reasons = outcomes.map((outcome) => (outcome.status === 'rejected' ? outcome.reason.code : 'taken'));
    expect(reasons.filter((reason) => reason !== 'throttled').length).toBeLessThanOrEqual(5);
    await expect(check(codeAt(0))).rejects.toMatchObject({ code: 'throttled', retryAfter: expect.any(Number) });
    await db.owner.query('DELETE FROM credentials.throttle');
    await check(codeAt(0));
  });

  it('may have a space in the middle', async () => {
    await check(codeAt(0).replace(/^(...)/, '$1 '));
  });
});

it('a recovery code is taken once, by its owner only', async () => {
  const [code = ''] = recoveryCodes;
  const grace = await db.personId('grace.lindqvist');
  const attempt = { personId: grace, code, address: '203.0.113.9' };
  await expect(checkSecondFactor({ pool: pools[0], sealer: sealer() }, attempt)).rejects.toMatchObject({
    code: 'code_wrong',
  });
  expect(fulfilled(await Promise.allSettled([check(code, 0), check(code, 1)]))).toBe(1);
  expect((await factorsOf(pools[0], personId)).recoveryCodes).toBe(9);
});

it('S90 a secret opens for nobody else and with no other key', async () => {
  const { rows } = await db.owner.query('SELECT secret FROM credentials.totp WHERE person_id = $1', [personId]);
  expect(rows[0].secret.toString('latin1')).not.toContain(secret);
  expect(() => sealer().open(rows[0].secret, 'totp of somebody else')).toThrow(
    expect.objectContaining({ code: 'sealed_value_unusable' }),
  );
});

it('are all gone once they are removed, and every session with them', async () => {
  const session = await startSession(db.owner, personId, ['finance']);
  expect(await removeFactors(pools[0], { personId })).toBe(true);
  expect(await factorsOf(pools[0], personId)).toMatchObject({ totpSince: null, recoveryCodes: 0 });
  expect(await remains(db.owner, session)).toEqual({ sessions: 0, signIns: 0, tokens: 0 });
  expect(await removeFactors(pools[0], { personId })).toBe(false);
});

it('C57 takes a code however it is typed, for the second step and to add an app', async () => {
  const [code] = recoveryCodes;
  await check(`\u{200b}${inFullWidth(codeAt(0))}\u{feff}`);
  await check(` ${inFullWidth(String(code).toUpperCase()).replaceAll('－', '–')} `);
  await expect(check(String(code))).rejects.toMatchObject({ code: 'code_wrong' });
  await db.owner.query('DELETE FROM credentials.totp');
  const spaced = codeAt(0).replace(/^.{3}/, '$& ');
  expect(await add(spaced)).toHaveLength(10);
});

it('S110 a second step on a device of the owner is open while whoever has the password guesses', async () => {
  const deps = { pool: pools[0], sealer: sealer() };
  for (let guess = 0; guess < 6; guess++) await check('000000').catch(() => {});
  await db.owner.query(`UPDATE credentials.throttle SET blocked_until = now() + interval '15 minutes'`);
  const attempt = { personId, code: codeAt(0), address: '203.0.113.9' };
  await expect(checkSecondFactor(deps, attempt)).rejects.toMatchObject({ code: 'throttled' });
  await checkSecondFactor(deps, { ...attempt, knownDevice: () => 'laptop' });
  for (let guess = 0; guess < 5; guess++) {
    await checkSecondFactor(deps, { ...attempt, code: '000000', knownDevice: () => 'laptop' }).catch(() => {});
  }
  const more = checkSecondFactor(deps, { ...attempt, code: '000000', knownDevice: () => 'laptop' });
  await expect(more).rejects.toMatchObject({ code: 'throttled' });
});
