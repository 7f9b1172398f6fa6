import { bankHolidays } from './bank-holidays.ts';

/** Days from `from` to `to`, both inclusive. */
export interface DateRange {
  from: Temporal.PlainDate;
  to: Temporal.PlainDate;
}

/** How many days of a range are worked: Monday to Friday without bank holidays. */
export function workingDays({ from, to }: DateRange): number {
  const holidays = holidaysBetween(from.year, to.year);
  let count = 0;
  for (let day = from; Temporal.PlainDate.compare(day, to) <= 0; day = day.add({ days: 1 })) {
    if (day.dayOfWeek <= 5 && !holidays.has(day.toString())) count += 1;
  }
  return count;
}

/** The days that two ranges share, or undefined when they share none. */
export function overlap(one: DateRange, other: DateRange): DateRange | undefined {
  const from = later(one.from, other.from);
  const to = earlier(one.to, other.to);
  return Temporal.PlainDate.compare(from, to) <= 0 ? { from, to } : undefined;
}

function holidaysBetween(firstYear: number, lastYear: number): Set<string> {
  const years = Array.from({ length: lastYear - firstYear + 1 }, (_, index) => firstYear + index);
  return new Set(years.flatMap(bankHolidays).map(String));
}

const later = (a: Temporal.PlainDate, b: Temporal.PlainDate) => (Temporal.PlainDate.compare(a, b) > 0 ? a : b);
const earlier = (a: Temporal.PlainDate, b: Temporal.PlainDate) => (Temporal.PlainDate.compare(a, b) < 0 ? a : b);
