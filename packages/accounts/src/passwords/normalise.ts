/** Longer input is refused before it costs anything. NIST SP 800-63B asks for at least 64. */
export const longestPassword = 256;

/**
 * The password as it is hashed, the same when set and when checked: Unicode NFC (NIST SP 800-63B section 3.1.1.2),
 * otherwise as typed. `undefined` when it is empty, too long or contains NUL, so that nothing is ever cut off.
 */
export function normalisePassword(typed: string): string | undefined {
  if (typed.length === 0 || typed.length > longestPassword || typed.includes('\0')) return undefined;
  return typed.normalize('NFC');
}
