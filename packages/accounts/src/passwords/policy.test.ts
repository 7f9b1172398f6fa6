import { describe, expect, it } from 'vitest';
import { normalisePassword } from './normalise.ts';
import { requireGoodPassword } from './policy.ts';

const context = ['Harbour Council', 'Human Resources', 'Tomas Reyes', 'tomas.reyes', 'Finance'];
const choose = (password: string) => requireGoodPassword(password, context);
const refusal = expect.objectContaining({ code: 'password_refused' });

describe('S37 length', () => {
  it.each([7, 14])('refuses %i characters', async (length) => {
    await expect(choose('correct horse battery'.slice(0, length))).rejects.toEqual(refusal);
  });

  it.each([15, 64, 200, 256])('takes %i characters and keeps them all', async (length) => {
    const password = 'correct horse battery staple '.repeat(10).slice(0, length);
    expect(await choose(password)).toBe(password);
  });

  it.each([257, 100_000])('refuses %i characters', async (length) => {
    await expect(choose('x'.repeat(length))).rejects.toEqual(refusal);
    expect(normalisePassword('x'.repeat(length))).toBeUndefined();
  });
});

describe('S37 characters', () => {
  it('hashes composed and decomposed letters as the same password', async () => {
    expect(await choose('crème brûlée pour midi'.normalize('NFD'))).toBe('crème brûlée pour midi'.normalize('NFC'));
  });

  it('keeps spaces at the ends, and takes emoji and any script', async () => {
    expect(await choose(' correct horse battery ')).toBe(' correct horse battery ');
    expect(await choose('🦀🐙🦑🐬🐳🐟🐠🐡🦈🐚🪸🦭🐧🦆🦢')).toHaveLength(30);
    expect(await choose('правильная лошадь батарея')).toBeTruthy();
  });

  it('refuses NUL, when set and when checked', async () => {
    await expect(choose('correct horse\0battery')).rejects.toEqual(refusal);
    expect(normalisePassword('correct horse\0battery')).toBeUndefined();
  });
});

describe('S38 predictability', () => {
  it.each([
    'Password1!Password1!',
    'govtdept2026govtdept',
    'Harbour-Council-2026!',
    'tomas.reyes.tomas.reyes',
    'human resources finance 1',
    '123456789012345678',
    'aaaaaaaaaaaaaaaaaaaa',
    'qwertyuiopasdfghjkl',
    'Welcome to the Council 1',
  ])('refuses %s with a reason', async (password) => {
    await expect(choose(password)).rejects.toMatchObject({
      code: 'password_refused',
      message: expect.stringMatching(/easy to guess|tried first/),
    });
  });

  it.each([
    'q1w2e3r4t5y6u7i8',
    'bpgjldsgjldthnf',
    'Sunshine-Football-1',
    'computer.michelle.99',
    '**Qwertyuiop**Jordan**',
  ])('refuses %s, which stands in the lists of breached passwords or is two of their entries', async (password) => {
    await expect(choose(password)).rejects.toMatchObject({
      message: expect.stringMatching(/tried first|easy to guess/),
    });
  });

  it('asks for no mix of character classes', async () => {
    expect(await choose('correct horse battery staple')).toBe('correct horse battery staple');
  });
});
