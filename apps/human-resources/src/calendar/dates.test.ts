import { expect, it } from 'vitest';
import { toColumn, toPlainDate, writeDays } from './dates.ts';

const day = (text: string) => Temporal.PlainDate.from(text);

it('keeps a calendar day through its column', () => {
  expect(toPlainDate(toColumn(day('2026-03-29')))).toEqual(day('2026-03-29'));
});

it('writes a span of days once where it can', () => {
  expect(writeDays({ from: day('2026-11-24'), to: day('2026-11-24') })).toBe('24 Nov 2026');
  expect(writeDays({ from: day('2026-11-23'), to: day('2026-11-27') })).toBe('23\u2009–\u200927 Nov 2026');
  expect(writeDays({ from: day('2026-12-28'), to: day('2027-01-05') })).toBe('28 Dec 2026\u2009–\u20095 Jan 2027');
});
