import type { DateRange } from './working-days.ts';

/** A `date` column as Prisma reads it (midnight UTC) and the calendar day that it means. */
export const toPlainDate = (column: Date): Temporal.PlainDate =>
  Temporal.PlainDate.from(column.toISOString().slice(0, 10));

export const toColumn = (day: Temporal.PlainDate): Date => new Date(day.toString());

const written = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeZone: 'UTC' });

/** `24 Nov 2026`, or `23–27 Nov 2026`. */
export const writeDays = ({ from, to }: DateRange): string => written.formatRange(toColumn(from), toColumn(to));
