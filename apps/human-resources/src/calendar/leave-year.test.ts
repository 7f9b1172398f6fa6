import { expect, it } from 'vitest';
import { leaveYearOf, leaveYearsIn } from './leave-year.ts';

const day = (text: string) => Temporal.PlainDate.from(text);

it('begins on 1 April', () => {
  expect(leaveYearOf(day('2026-03-31')).label).toBe('2025/26');
  expect(leaveYearOf(day('2026-04-01')).label).toBe('2026/27');
  expect(leaveYearOf(day('2099-12-31')).label).toBe('2099/00');
});

it('names every year that a range touches', () => {
  expect(leaveYearsIn({ from: day('2026-03-30'), to: day('2026-04-02') }).map(({ year }) => year)).toEqual([
    2025, 2026,
  ]);
  expect(leaveYearsIn({ from: day('2026-05-01'), to: day('2026-05-01') }).map(({ year }) => year)).toEqual([2026]);
});
