import { expect, it } from 'vitest';
import { dateFormats } from './date-formats.ts';

const london = dateFormats('Europe/London');

it('writes an instant where the organisation is', () => {
  expect(london.dateTime(new Date('2026-07-01T08:05:00Z'))).toBe('1 Jul 2026, 09:05');
  expect(london.date(new Date('2026-06-30T23:30:00Z'))).toBe('1 Jul 2026');
});

it('writes a calendar day as it stands, wherever the organisation is', () => {
  expect(dateFormats('Pacific/Auckland').day(new Date('2026-11-24'))).toBe('24 Nov 2026');
  expect(dateFormats('America/New_York').day('2026-11-24')).toBe('24 Nov 2026');
});

it('writes a span of days once where it can', () => {
  expect(london.days('2026-11-23', '2026-11-27')).toMatch(/^23\s*–\s*27 Nov 2026$/);
  expect(london.days('2026-11-23', '2026-11-23')).toBe('23 Nov 2026');
});
