/**
 * A code as we made it, however it was copied: without hyphens, spaces and what cannot be seen, in the letters and
 * digits of ASCII, whatever width or script they were typed in.
 */
export function normaliseCode(typed: string): string {
  return typed
    .normalize('NFKC')
    .replace(/[\p{White_Space}\p{Default_Ignorable_Code_Point}\p{C}\p{P}\p{Sm}]/gu, '')
    .replace(/\p{Nd}/gu, asciiDigit);
}

/** Unicode has the ten digits of each script in a row, from zero on. */
function asciiDigit(digit: string): string {
  const value = digit.codePointAt(0) as number;
  let zero = value;
  while (/\p{Nd}/u.test(String.fromCodePoint(zero - 1))) zero -= 1;
  return String((value - zero) % 10);
}
