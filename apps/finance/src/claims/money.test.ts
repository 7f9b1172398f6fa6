import { expect, it } from 'vitest';
import { formatMoney, moneyInput, parseMoney } from './money.ts';

it.each([
  ['12', 1200],
  ['12.5', 1250],
  ['12.05', 1205],
  ['£1,234.50', 123450],
  [' 0.07 ', 7],
  ['1234567.89', 123456789],
])('reads %s', (text, pence) => {
  expect(parseMoney(text)).toBe(pence);
});

it.each(['', '-5', '1.234', '1,23', '12 pounds', '1e3', '.5', '£'])('does not guess at %s', (text) => {
  expect(parseMoney(text)).toBeUndefined();
});

it('writes pence as pounds', () => {
  expect(formatMoney(123450)).toBe('£1,234.50');
  expect(formatMoney(7)).toBe('£0.07');
  expect(moneyInput(123450)).toBe('1234.50');
});
