const MONDAY = 1;
const SATURDAY = 6;

/**
 * Bank holidays of England and Wales in a year, by the standing rules. Those proclaimed for one occasion are not known.
 */
export function bankHolidays(year: number): Temporal.PlainDate[] {
  const easter = easterSunday(year);
  const [christmas, boxingDay] = christmasHolidays(year);
  return [
    nextWeekday(date(year, 1, 1)),
    easter.subtract({ days: 2 }),
    easter.add({ days: 1 }),
    firstMonday(date(year, 5, 1)),
    firstMonday(date(year, 5, 25)),
    firstMonday(date(year, 8, 25)),
    christmas,
    boxingDay,
  ];
}

/** Each that falls on a weekend moves to the next weekday that is not a holiday yet. */
function christmasHolidays(year: number): [Temporal.PlainDate, Temporal.PlainDate] {
  const christmas = nextWeekday(date(year, 12, 25));
  const boxingDay = nextWeekday(date(year, 12, 26));
  return [christmas, boxingDay.equals(christmas) ? nextWeekday(boxingDay.add({ days: 1 })) : boxingDay];
}

/** The Gregorian computus of Meeus, Jones and Butcher. */
function easterSunday(year: number): Temporal.PlainDate {
  const golden = year % 19;
  const century = Math.floor(year / 100);
  const yearOfCentury = year % 100;
  const correction = Math.floor((century - Math.floor((century + 8) / 25) + 1) / 3);
  const epact = (19 * golden + century - Math.floor(century / 4) - correction + 15) % 30;
  const weekday = (32 + 2 * (century % 4) + 2 * Math.floor(yearOfCentury / 4) - epact - (yearOfCentury % 4)) % 7;
  const late = Math.floor((golden + 11 * epact + 22 * weekday) / 451);
  const offset = epact + weekday - 7 * late + 114;
  return date(year, Math.floor(offset / 31), (offset % 31) + 1);
}

function nextWeekday(day: Temporal.PlainDate): Temporal.PlainDate {
  return day.dayOfWeek < SATURDAY ? day : firstMonday(day);
}

/** The first Monday on or after a day. */
function firstMonday(day: Temporal.PlainDate): Temporal.PlainDate {
  return day.add({ days: (7 + MONDAY - day.dayOfWeek) % 7 });
}

function date(year: number, month: number, day: number): Temporal.PlainDate {
  return Temporal.PlainDate.from({ year, month, day });
}
