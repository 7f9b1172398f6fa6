import type { LeaveYear } from '../calendar/leave-year.ts';
import { overlap, workingDays } from '../calendar/working-days.ts';
import { type Leave, leaveKinds } from './leave.ts';

/** Working days of annual leave that a full-time post brings each leave year. */
export const standardEntitlement = 27;

/** Working days of annual leave in one leave year; `left` is what can still be requested. */
export interface Balance {
  year: LeaveYear;
  entitlement: number;
  taken: number;
  booked: number;
  waiting: number;
  left: number;
}

/** Adds up a person's leave in one leave year. Leave across the turn of a year counts in each for the days in it. */
export function balanceOf(leave: Leave[], year: LeaveYear, entitlement: number, today: Temporal.PlainDate): Balance {
  const counted = leave.filter(({ kind }) => leaveKinds[kind].counted);
  const sum = (entries: Leave[]) => entries.reduce((days, entry) => days + daysIn(entry, year), 0);

  const approved = counted.filter(({ state }) => state === 'approved');
  const taken = sum(approved.filter(({ from }) => Temporal.PlainDate.compare(from, today) <= 0));
  const booked = sum(approved) - taken;
  const waiting = sum(counted.filter(({ state }) => state === 'requested'));
  return { year, entitlement, taken, booked, waiting, left: entitlement - taken - booked - waiting };
}

function daysIn(leave: Leave, year: LeaveYear): number {
  const shared = overlap(leave, year);
  return shared ? workingDays(shared) : 0;
}
