import { describe, expect, it } from 'vitest';
import { createSealer, deriveKey, randomToken, sha256 } from './index.ts';

describe('sealing', () => {
  const sealer = createSealer(randomToken());

  it('opens what it sealed in the same context', () => {
    expect(sealer.open(sealer.seal('förvaltning', 'row:1'), 'row:1').toString()).toBe('förvaltning');
  });

  it('seals the same value differently each time', () => {
    expect(sealer.seal('a', 'c').equals(sealer.seal('a', 'c'))).toBe(false);
  });

  it('refuses a value moved to another context, opened with another key, changed or cut', () => {
    const sealed = sealer.seal('secret', 'row:1');
    const changed = Buffer.from(sealed);
    changed[18] = (changed[18] ?? 0) ^ 1;
    expect(sealer.open(sealed, 'row:1').toString()).toBe('secret');
    for (const attempt of [
      () => sealer.open(sealed, 'row:2'),
      () => createSealer(randomToken()).open(sealed, 'row:1'),
      () => sealer.open(changed, 'row:1'),
      () => sealer.open(sealed.subarray(0, 10), 'row:1'),
    ]) {
      expect(attempt).toThrow(expect.objectContaining({ code: 'sealed_value_unusable' }));
    }
  });

  it('opens with the keys beside it what they sealed, and seals with its own', () => {
    const [before, after] = [randomToken(), randomToken()];
    const [old, both, next] = [createSealer(before), createSealer(after, [before]), createSealer(after)];
    expect(both.open(old.seal('secret', 'row:1'), 'row:1').toString()).toBe('secret');
    const sealed = both.seal('secret', 'row:1');
    expect(next.open(sealed, 'row:1').toString()).toBe('secret');
    expect(sealed.subarray(0, 4)).toEqual(next.prefix);
    expect(old.prefix).not.toEqual(next.prefix);
    expect(() => old.open(sealed, 'row:1')).toThrow(
      `sealed with another key, ${next.prefix.toString('hex')}; known here: ${old.prefix.toString('hex')}`,
    );
    expect(both.open(old.seal('no id', 'row:1').subarray(4), 'row:1').toString()).toBe('no id');
  });

  it('refuses a key of the wrong length', () => {
    expect(() => createSealer(randomToken(16))).toThrow(expect.objectContaining({ code: 'key_unusable' }));
  });
});

describe('derived keys', () => {
  it('are stable for a purpose and differ between purposes', () => {
    const key = randomToken();
    expect(deriveKey(key, 'cookies')).toBe(deriveKey(key, 'cookies'));
    expect(deriveKey(key, 'cookies')).not.toBe(deriveKey(key, 'sessions'));
    expect(Buffer.from(deriveKey(key, 'cookies'), 'base64url')).toHaveLength(32);
  });
});

it('sha256 is the digest itself, not its text', () => {
  expect(sha256('abc').toString('hex')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
});
