import { demoPassword } from '@gatehouse/prisma/seed';
import { createTestDatabase, type TestDatabase } from '@gatehouse/test-kit';
import type { Pool } from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { auditOf, poolOf } from '../../testing/fixtures.ts';
import { createPasswordHasher } from '../passwords/hasher.ts';
import { authenticate } from './authenticate.ts';
import type { KnownDevice } from './known-device.ts';

let db: TestDatabase;
let provider: Pool;
let tomas: string;
beforeAll(async () => {
  db = await createTestDatabase();
  provider = poolOf(db, 'identity-provider');
  tomas = await db.personId('tomas.reyes');
  await db.owner.query('DELETE FROM credentials.password WHERE person_id = $1', [await db.personId('dev.patel')]);
});
beforeEach(() => db.owner.query('DELETE FROM credentials.throttle'));
afterAll(async () => {
  await provider.end();
  await db.close();
});

const hasher = createPasswordHasher();
const signIn = (login: string, password: string, more: { knownDevice?: KnownDevice } = {}) =>
  authenticate({ pool: provider, hasher }, { login, password, address: '203.0.113.9', clientId: 'finance', ...more });
const wrong = 'not the password at all';

describe('signing in', () => {
  it('lets in the right person, however the login is typed, and records it', async () => {
    expect(await signIn(' Tomas.REYES ', demoPassword)).toMatchObject({ personId: tomas });
  });

  it('S37 recognises a password typed in decomposed letters', async () => {
    const hash = await hasher.hash('crème brûlée pour midi'.normalize('NFC'));
    const uma = await db.personId('uma.iyer');
    await db.owner.query('UPDATE credentials.password SET hash = $2 WHERE person_id = $1', [uma, hash]);
    expect(await signIn('uma.iyer', 'crème brûlée pour midi'.normalize('NFD'))).toMatchObject({ personId: uma });
  });

  const refused = [
    { who: 'an unknown login', login: 'nobody.here', password: demoPassword },
    { who: 'a wrong password', login: 'tomas.reyes', password: wrong },
    { who: 'a disabled person', login: 'victor.stone', password: demoPassword },
    { who: 'a person without a password', login: 'dev.patel', password: demoPassword },
    { who: 'a password with NUL', login: 'tomas.reyes', password: `${demoPassword}\0` },
    { who: 'a password of 100 000 characters', login: 'tomas.reyes', password: demoPassword.padEnd(100_000, 'x') },
  ];

  it.each(refused)('S33 answers $who like any other failure', async ({ login, password }) => {
    await expect(signIn(login, password)).rejects.toMatchObject({
      code: 'credentials_wrong',
      message: 'The login or the password is wrong',
      retryAfter: undefined,
    });
  });

  it('S33 does the same work for unknown, wrong, disabled and missing', { timeout: 60_000 }, async () => {
    const kinds = refused.slice(0, 4);
    const leastWork = new Map(kinds.map(({ who }) => [who, Number.POSITIVE_INFINITY]));
    for (let round = 0; round < 12; round++) {
      for (const { who, login, password } of kinds) {
        await db.owner.query('DELETE FROM credentials.throttle');
        const before = process.cpuUsage();
        await signIn(login, password).catch(() => {});
        const { user, system } = process.cpuUsage(before);
        leastWork.set(who, Math.min(leastWork.get(who) ?? 0, user + system));
      }
    }
    // Processor time, hashing included, and the least of each: the same however busy the machine is. Without a hash it
    // is a third of it.
    const work = [...leastWork.values()];
    expect(Math.min(...work), JSON.stringify([...leastWork])).toBeGreaterThan(Math.max(...work) * 0.55);
  });
});

describe('the throttle', () => {
  it('S30 evaluates five of 200 parallel passwords; the right one in the same burst is refused too', async () => {
    let evaluated = 0;
    const counting = {
      ...hasher,
      matches: (...args: Parameters<typeof hasher.matches>) => (evaluated++, hasher.matches(...args)),
    };
    const tries = Array.from({ length: 200 }, (_, index) =>
      authenticate(
        { pool: provider, hasher: counting },
        { login: 'tomas.reyes', password: index < 100 ? wrong : demoPassword, address: `198.51.100.${index}` },
      ).then(
        () => 'in',
        (error: { code: string }) => error.code,
      ),
    );
    const outcomes = await Promise.all(tries);
    expect(evaluated).toBeLessThanOrEqual(5);
    expect(outcomes.slice(100)).toEqual(Array(100).fill('throttled'));
  });

  it('S32 C43 lets the owner in on a known device after a thousand tries of a stranger', async () => {
    for (let attempt = 0; attempt < 5; attempt++) await signIn('tomas.reyes', wrong).catch(() => {});
    await db.owner.query(
      `UPDATE credentials.throttle SET failures = 1000, blocked_until = now() + interval '15 minutes' WHERE key LIKE 'account:%'`,
    );
    await expect(signIn('tomas.reyes', demoPassword)).rejects.toMatchObject({ code: 'throttled', retryAfter: 900 });
    expect(await signIn('tomas.reyes', demoPassword, { knownDevice: () => 'laptop' })).toMatchObject({
      personId: tomas,
    });
  });

  it('records once that a wait begins, not every refused attempt', async () => {
    for (let attempt = 0; attempt < 20; attempt++) await signIn('grace.lindqvist', wrong).catch(() => {});
    const types = (await auditOf(db.owner, await db.personId('grace.lindqvist'))).map(({ type }) => type);
    expect(types).toEqual([...Array(5).fill('sign_in.failed'), 'sign_in.throttled']);
  });

  it('gives an attempt back when the process is too busy to check it', async () => {
    const busy = createPasswordHasher({ waiting: 0 });
    for (let attempt = 0; attempt < 20; attempt++) {
      await expect(
        authenticate(
          { pool: provider, hasher: busy },
          { login: 'tomas.reyes', password: demoPassword, address: '::1' },
        ),
      ).rejects.toMatchObject({ code: 'busy', retryAfter: 2 });
    }
    expect(await signIn('tomas.reyes', demoPassword)).toMatchObject({ personId: tomas });
  });
});
