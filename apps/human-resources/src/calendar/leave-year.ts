import type { DateRange } from './working-days.ts';

/** A leave year runs from 1 April of `year` to 31 March after it. */
export interface LeaveYear extends DateRange {
  year: number;
  /** As people write it: `2026/27`. */
  label: string;
}

export function leaveYear(year: number): LeaveYear {
  return {
    year,
    label: `${year}/${String((year + 1) % 100).padStart(2, '0')}`,
    from: Temporal.PlainDate.from({ year, month: 4, day: 1 }),
    to: Temporal.PlainDate.from({ year: year + 1, month: 3, day: 31 }),
  };
}

export function leaveYearOf(day: Temporal.PlainDate): LeaveYear {
  return leaveYear(day.month < 4 ? day.year - 1 : day.year);
}

/** The leave years that a range touches, in order. */
export function leaveYearsIn({ from, to }: DateRange): LeaveYear[] {
  const first = leaveYearOf(from).year;
  return Array.from({ length: leaveYearOf(to).year - first + 1 }, (_, index) => leaveYear(first + index));
}
