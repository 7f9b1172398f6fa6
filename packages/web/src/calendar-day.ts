import { z } from 'zod';

const months = 'jan feb mar apr may jun jul aug sep oct nov dec'.split(' ');

/**
 * The calendar day that somebody typed, as YYYY-MM-DD: `24 11 2026`, `24/11/2026`, `24.11.26`, `24 November 2026`,
 * `24 Nov 2026`, or `2026-11-24`. The day comes before the month, as people here write it.
 *
 * @returns undefined for what is no day, such as 31 June, or has the month first
 */
export function readDay(text: string): string | undefined {
  const parts = text
    .normalize('NFKC')
    .trim()
    .toLowerCase()
    .split(/[\s./,-]+/);
  const [first = '', second = '', third = ''] = parts;
  const [day, month, year] = /^\d{4}$/.test(first) ? [third, second, first] : [first, second, third];
  if (parts.length !== 3 || !/^\d{1,2}(st|nd|rd|th)?$/.test(day) || !/^(\d{2}|\d{4})$/.test(year)) return undefined;
  const named = /^[a-z]{3,9}$/.test(month) ? months.findIndex((name) => month.startsWith(name)) + 1 : 0;
  const number = named || (/^\d{1,2}$/.test(month) ? Number(month) : 0);
  const iso = [year.padStart(4, '20'), pad(number), pad(Number.parseInt(day, 10))].join('-');
  return z.iso.date().safeParse(iso).success ? iso : undefined;
}

const pad = (number: number) => String(number).padStart(2, '0');

/**
 * A field of a form with a calendar day, as `readDay` reads it; gives YYYY-MM-DD.
 * @param wrong what to tell somebody who left it out or wrote no day, e.g. "Enter the first day of leave"
 */
export const dayField = (wrong: string) =>
  z.string({ error: wrong }).transform((text, context) => {
    const day = readDay(text);
    if (day !== undefined) return day;
    context.addIssue({ code: 'custom', message: wrong });
    return z.NEVER;
  });
