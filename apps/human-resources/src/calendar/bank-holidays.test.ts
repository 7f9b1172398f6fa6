import { describe, expect, it } from 'vitest';
import { bankHolidays } from './bank-holidays.ts';

const of = (year: number) => bankHolidays(year).map(String);

describe('bank holidays of England and Wales', () => {
  it('follows Easter', () => {
    expect(of(2026).slice(1, 3)).toEqual(['2026-04-03', '2026-04-06']);
    expect(of(2027).slice(1, 3)).toEqual(['2027-03-26', '2027-03-29']);
    expect(of(2038).slice(1, 3)).toEqual(['2038-04-23', '2038-04-26']);
  });

  it('lists all eight of 2026, with Boxing Day moved off the Saturday', () => {
    expect(of(2026)).toEqual([
      '2026-01-01',
      '2026-04-03',
      '2026-04-06',
      '2026-05-04',
      '2026-05-25',
      '2026-08-31',
      '2026-12-25',
      '2026-12-28',
    ]);
  });

  it('moves both Christmas holidays off a weekend', () => {
    expect(of(2027).slice(-2)).toEqual(['2027-12-27', '2027-12-28']);
    expect(of(2033).slice(-2)).toEqual(['2033-12-26', '2033-12-27']);
  });

  it('moves New Year off a weekend', () => {
    expect(of(2028)[0]).toBe('2028-01-03');
  });
});
