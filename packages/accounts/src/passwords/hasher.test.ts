import { expect, it } from 'vitest';
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
