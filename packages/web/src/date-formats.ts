/** A calendar day: a `@db.Date` column as Prisma gives it (midnight UTC), or anything that prints as YYYY-MM-DD. */
export type Day = Date | { toString(): string };

/** How pages write dates. An instant is written where the organisation is, a day as it stands. */
export interface DateFormats {
  /** `24 Nov 2026` */
  date(instant: Date): string;
  /** `24 Nov 2026, 14:05` */
  dateTime(instant: Date): string;
  /** `24 Nov 2026` */
  day(day: Day): string;
  /** `23 – 27 Nov 2026`, or one day where both are the same. */
  days(from: Day, to: Day): string;
}

/**
 * @param timeZone IANA name, e.g. `Europe/London`
 * @param locale BCP 47 tag; British English by default
 */
export function dateFormats(timeZone: string, locale = 'en-GB'): DateFormats {
  const date = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeZone });
  const dateTime = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short', timeZone });
  const day = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeZone: 'UTC' });
  return {
    date: (instant) => date.format(instant),
    dateTime: (instant) => dateTime.format(instant),
    day: (value) => day.format(midnight(value)),
    days: (from, to) => day.formatRange(midnight(from), midnight(to)),
  };
}

const midnight = (day: Day) => (day instanceof Date ? day : new Date(day.toString()));
