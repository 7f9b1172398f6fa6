import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { dayField, readDay } from './calendar-day.ts';
import { parseForm } from './forms.ts';

describe('C53 a day that somebody types', () => {
  it.each([
    '24 11 2026',
    ' 24/11/2026 ',
    '24.11.26',
    '24-11-2026',
    '24 November 2026',
    '24th nov 2026',
    '2026-11-24',
    '２４ 11 2026',
  ])('takes %j, with the day before the month', (text) => {
    expect(readDay(text)).toBe('2026-11-24');
  });

  it('never takes the month for the day', () => {
    expect(readDay('3/4/2026')).toBe('2026-04-03');
    expect(readDay('4 march 2026')).toBe('2026-03-04');
  });

  it.each([
    '',
    '11/24/2026',
    '31 6 2026',
    '30 February 2026',
    '24 11',
    '24 11 202',
    'Tuesday',
    '24 foo 2026',
    '1 2 3 4',
  ])('does not take %j', (text) => {
    expect(readDay(text)).toBeUndefined();
  });

  it('keeps what was typed and says at the field what is wrong', () => {
    const form = z.object({ from: dayField('Enter the first day') });
    expect(parseForm(form, { from: '31 June 2026' })).toEqual({
      ok: false,
      values: { from: '31 June 2026' },
      errors: { from: 'Enter the first day' },
    });
    expect(parseForm(form, {})).toMatchObject({ ok: false, errors: { from: 'Enter the first day' } });
    expect(parseForm(form, { from: '1 6 2026' })).toEqual({ ok: true, data: { from: '2026-06-01' } });
  });
});
