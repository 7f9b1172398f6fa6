import { describe, expect, it } from 'vitest';
import { normaliseLogin, normalisePassword } from './normalise.ts';
import { requireGoodPassword } from './policy.ts';

const context = ['Harbour Council', 'Human Resources', 'Tomas Reyes', 'tomas.reyes', 'Finance'];
const choose = (password: string) => requireGoodPassword(password, context);
const refusal = expect.objectContaining({ code: 'password_refused' });

describe('S37 length', () => {
  it.each([7, 14])('refuses %i characters', (length) => {
    expect(() => choose('correct horse battery'.slice(0, length))).toThrow(refusal);
  });

  it.each([15, 64, 200, 256])('takes %i characters and keeps them all', (length) => {
    const password = 'correct horse battery staple '.repeat(10).slice(0, length);
    expect(choose(password)).toBe(password);
  });

  it.each([257, 100_000])('refuses %i characters', (length) => {
    expect(() => choose('x'.repeat(length))).toThrow(refusal);
    expect(normalisePassword('x'.repeat(length))).toBeUndefined();
  });
});

describe('S37 characters', () => {
  it('hashes composed and decomposed letters as the same password', () => {
    expect(choose('crème brûlée pour midi'.normalize('NFD'))).toBe('crème brûlée pour midi'.normalize('NFC'));
  });

  it('keeps spaces at the ends, and takes emoji and any script', () => {
    expect(choose(' correct horse battery ')).toBe(' correct horse battery ');
    expect(choose('🦀🐙🦑🐬🐳🐟🐠🐡🦈🐚🪸🦭🐧🦆🦢')).toHaveLength(30);
    expect(choose('правильная лошадь батарея')).toBeTruthy();
  });

  it('refuses NUL, when set and when checked', () => {
    expect(() => choose('correct horse\0battery')).toThrow(refusal);
    expect(normalisePassword('correct horse\0battery')).toBeUndefined();
  });

  it('compares logins without case and surrounding space', () => {
    expect(normaliseLogin('  Tomas.REYES ')).toBe('tomas.reyes');
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
  ])('refuses %s with a reason', (password) => {
    expect(() => choose(password)).toThrow(
      expect.objectContaining({ message: expect.stringContaining('easy to guess') }),
    );
  });

  it('asks for no mix of character classes', () => {
    expect(choose('correct horse battery staple')).toBe('correct horse battery staple');
  });
});
