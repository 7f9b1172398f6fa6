import { expect, it } from 'vitest';
import { normaliseCode } from './normalise-code.ts';

it.each([
  ['spaces', ' 123 456 ', '123456'],
  ['a hyphen', '123-456', '123456'],
  ['another dash', '123–456', '123456'],
  ['a minus sign', '123−456', '123456'],
  ['dots', '123.456', '123456'],
  ['full width', '１２３４５６', '123456'],
  ['Arabic', '١٢٣٤٥٦', '123456'],
  ['Persian', '۱۲۳۴۵۶', '123456'],
  ['Devanagari', '१२३४५६', '123456'],
  ['mathematical bold', '𝟏𝟐𝟑𝟒𝟓𝟔', '123456'],
  ['Adlam', '𞥑𞥒𞥓𞥔𞥕𞥖', '123456'],
  ['a zero-width space at the end', '123456\u{200b}', '123456'],
  ['a byte order mark and a direction mark', '\u{feff}\u{200e}123456\u{202c}', '123456'],
  ['a no-break space and a soft hyphen', '123\u{a0}4\u{ad}56', '123456'],
  ['full-width letters', 'ＢＣＤＦ－ＧＨＪＫ', 'BCDFGHJK'],
  ['a recovery code in a list', '• 7k2m-q9x4-3f5d-htb8', '7k2mq9x43f5dhtb8'],
])('C57 a code with %s is the code', (_, typed, code) => {
  expect(normaliseCode(typed)).toBe(code);
});

it.each(['12345a', '½', 'éàü', '۱۲۳۴۵'])('C57 what is no such code stays none: %s', (typed) => {
  expect(normaliseCode(typed)).not.toMatch(/^\d{6}$/);
});
