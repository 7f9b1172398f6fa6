import { describe, expect, it } from 'vitest';
import { overlap, workingDays } from './working-days.ts';

const range = (from: string, to: string) => ({ from: Temporal.PlainDate.from(from), to: Temporal.PlainDate.from(to) });

describe('working days', () => {
  it('counts both ends', () => {
    expect(workingDays(range('2026-11-23', '2026-11-23'))).toBe(1);
    expect(workingDays(range('2026-11-23', '2026-11-27'))).toBe(5);
  });

  it('leaves out weekends', () => {
    expect(workingDays(range('2026-11-27', '2026-11-30'))).toBe(2);
    expect(workingDays(range('2026-11-28', '2026-11-29'))).toBe(0);
  });

  it('leaves out bank holidays, also across the turn of the year', () => {
    expect(workingDays(range('2026-12-24', '2027-01-04'))).toBe(5);
  });
});

describe('overlap', () => {
  it('is the shared part', () => {
    expect(overlap(range('2026-03-30', '2026-04-03'), range('2026-04-01', '2027-03-31'))).toEqual(
      range('2026-04-01', '2026-04-03'),
    );
  });

  it('is nothing when one ends before the other begins', () => {
    expect(overlap(range('2026-03-30', '2026-03-31'), range('2026-04-01', '2027-03-31'))).toBeUndefined();
  });
});
