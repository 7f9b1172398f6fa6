import { AccountsError, type PasswordFault } from '../errors.ts';
import { isCommonPassword } from './common-passwords.ts';
import { commonWords } from './common-words.ts';
import { longestPassword, normalisePassword } from './normalise.ts';

/** NIST SP 800-63B section 3.1.1.2: 15 characters where the password stands alone. */
export const shortestPassword = 15;

/** What has to be left of a password when everything predictable is taken out of it. */
const unpredictableCharacters = 8;

/**
 * A new password as it will be hashed. Length and predictability decide, never a mix of character classes.
 *
 * @param contextWords the person's own names and those of the organisation, its departments and apps
 * @throws {AccountsError} `password_refused`, with the `fault`
 */
export async function requireGoodPassword(typed: string, contextWords: readonly string[]): Promise<string> {
  const refuse = (fault: PasswordFault, message: string) => new AccountsError('password_refused', message, { fault });
  if (typed.includes('\0')) throw refuse('nul_character', 'Leave out the invisible NUL character.');
  if (typed.length > longestPassword) throw refuse('too_long', `Use at most ${longestPassword} characters.`);
  const password = normalisePassword(typed);
  if (password === undefined || [...password].length < shortestPassword) {
    throw refuse(
      'too_short',
      `Use at least ${shortestPassword} characters. A few unrelated words are easy to remember.`,
    );
  }
  if (await isCommonPassword(password)) {
    throw refuse('common', 'That is one of the passwords that are tried first. Choose one that is yours alone.');
  }
  if (remainder(password, contextWords).size < unpredictableCharacters) {
    throw refuse(
      'guessable',
      'That is easy to guess: it is made of common words, names, dates or repetitions. Add unrelated words.',
    );
  }
  return password;
}

/** The different letters and digits that remain without common words, names, and runs such as `1234`. */
function remainder(password: string, contextWords: readonly string[]): Set<string> {
  const words = [...commonWords, ...contextWords.flatMap((text) => letters(text).split(' '))]
    .filter((word) => word.length >= 3)
    .sort((a, b) => b.length - a.length);
  let rest = letters(password).replaceAll(' ', '').replace(/\d+/g, '');
  for (const word of words) rest = rest.replaceAll(word, '');
  return new Set(rest);
}

/** Lower case without accents; all but letters, digits and pictures becomes one space. */
const letters = (text: string): string =>
  text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\p{So}]+/gu, ' ')
    .trim();
