import { describe, expect, it } from 'vitest';
import { createPasswordHasher } from './hasher.ts';

it('hashes with Argon2id at 19 MiB and two passes, and recognises the password', async () => {
  const hasher = createPasswordHasher();
  const hash = await hasher.hash('correct horse battery staple');
  expect(hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  expect(await hasher.matches(hash, 'correct horse battery staple')).toBe(true);
  expect(await hasher.matches(hash, 'correct horse battery stapler')).toBe(false);
});

it('S37 tells long passwords apart by their last character', async () => {
  const hasher = createPasswordHasher();
  const long = 'x'.repeat(255);
  const hash = await hasher.hash(`${long}a`);
  expect(await hasher.matches(hash, `${long}a`)).toBe(true);
  expect(await hasher.matches(hash, `${long}b`)).toBe(false);
});

it('says no where there is no password, after doing the work', async () => {
  expect(await createPasswordHasher().matches(null, 'anything at all')).toBe(false);
});

it('refuses at once what does not fit into the queue, and goes on with the rest', async () => {
  const hasher = createPasswordHasher({ concurrency: 1, waiting: 3 });
  const outcomes = await Promise.allSettled(Array.from({ length: 10 }, () => hasher.hash('correct horse')));
  const refused = outcomes.filter((outcome) => outcome.status === 'rejected');
  expect(refused).toHaveLength(6);
  for (const { reason } of refused) expect(reason).toMatchObject({ code: 'busy', retryAfter: 2 });
  expect(await hasher.hash('correct horse')).toBeTruthy();
});

describe('S110 the queue of passwords', () => {
  const settled = async (tries: Promise<unknown>[]) => (await Promise.allSettled(tries)).map(({ status }) => status);
  const full = (blocks: (index: number) => string) => {
    const hasher = createPasswordHasher({ concurrency: 1, waiting: 10 });
    const strangers = Array.from({ length: 240 }, (_, index) =>
      hasher.matches(undefined, 'guess', { block: blocks(index), known: false }),
    );
    return { hasher, strangers };
  };

  it('has room for others while 240 tries come from one block', async () => {
    const { hasher, strangers } = full(() => '203.0.113.0/24');
    const neighbour = hasher.matches(undefined, 'mine', { block: '198.51.100.0/24', known: false });
    const taken = (await settled(strangers)).filter((status) => status === 'fulfilled');
    expect(taken.length).toBeLessThanOrEqual(3);
    await expect(neighbour).resolves.toBe(false);
  });

  it('has room for known devices, which go first, while strangers from everywhere fill it', async () => {
    const { hasher, strangers } = full((index) => `198.51.${index}.0/24`);
    const order: string[] = [];
    const known = hasher.matches(undefined, 'mine', { block: '203.0.113.0/24', known: true });
    void known.then(() => order.push('known'));
    void strangers[10]?.then(() => order.push('last stranger'));
    const late = hasher.matches(undefined, 'late', { block: '192.0.2.0/24', known: false });
    await expect(late).rejects.toMatchObject({ code: 'busy' });
    expect((await settled(strangers)).filter((status) => status === 'fulfilled')).toHaveLength(11);
    await known;
    expect(order).toEqual(['known', 'last stranger']);
  });
});
