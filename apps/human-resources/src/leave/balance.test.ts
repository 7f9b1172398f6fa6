import { expect, it } from 'vitest';
import type { LeaveKind, LeaveState } from '../../prisma/generated/client.ts';
import { leaveYear } from '../calendar/leave-year.ts';
import { balanceOf } from './balance.ts';
import type { Leave } from './leave.ts';

const today = Temporal.PlainDate.from('2026-11-24');
const year = leaveYear(2026);

function leave(from: string, to: string, state: LeaveState, kind: LeaveKind = 'annual'): Leave {
  return {
    id: 1,
    personId: 'a',
    kind,
    from: Temporal.PlainDate.from(from),
    to: Temporal.PlainDate.from(to),
    note: '',
    state,
    requestedAt: new Date(),
    decidedById: null,
    decidedAt: null,
    decisionNote: '',
  };
}

it('tells taken, booked and waiting days apart', () => {
  const entries = [
    leave('2026-08-03', '2026-08-14', 'approved'),
    leave('2026-12-21', '2026-12-24', 'approved'),
    leave('2027-02-15', '2027-02-19', 'requested'),
  ];
  expect(balanceOf(entries, year, 27, today)).toEqual({
    year,
    entitlement: 27,
    taken: 10,
    booked: 4,
    waiting: 5,
    left: 8,
  });
});

it('counts annual leave only, and nothing refused or withdrawn', () => {
  const entries = [
    leave('2026-06-01', '2026-06-05', 'approved', 'sickness'),
    leave('2026-07-06', '2026-07-10', 'refused'),
    leave('2026-07-13', '2026-07-17', 'withdrawn'),
  ];
  expect(balanceOf(entries, year, 27, today).left).toBe(27);
});

it('splits leave across the turn of the leave year', () => {
  const easter = [leave('2027-03-30', '2027-04-02', 'approved')];
  expect(balanceOf(easter, leaveYear(2026), 27, today).booked).toBe(2);
  expect(balanceOf(easter, leaveYear(2027), 27, today).booked).toBe(2);
});
