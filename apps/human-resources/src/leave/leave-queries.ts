import type { LeaveRequest, PrismaClient } from '../../prisma/generated/client.ts';
import { toColumn, toPlainDate } from '../calendar/dates.ts';
import type { LeaveYear } from '../calendar/leave-year.ts';
import type { DateRange } from '../calendar/working-days.ts';
import { type Balance, balanceOf, standardEntitlement } from './balance.ts';
import { holdingStates, type Leave } from './leave.ts';

/** Reads outside a transaction and in one. */
type Queries = Pick<PrismaClient, 'leaveRequest' | 'entitlement'>;

/** A row as the rules know it: with calendar days. */
export const toLeave = ({ startsOn, endsOn, ...rest }: LeaveRequest): Leave => ({
  ...rest,
  from: toPlainDate(startsOn),
  to: toPlainDate(endsOn),
});

export async function findLeave(db: Queries, id: number): Promise<Leave | undefined> {
  const row = await db.leaveRequest.findUnique({ where: { id } });
  return row ? toLeave(row) : undefined;
}

/** All leave of a person, the latest first. */
export async function leaveOf(db: Queries, personId: string): Promise<Leave[]> {
  const rows = await db.leaveRequest.findMany({ where: { personId }, orderBy: [{ startsOn: 'desc' }, { id: 'desc' }] });
  return rows.map(toLeave);
}

/** Leave that is still to come or still waiting, of these people or of everyone, the earliest first. */
export async function openLeave(db: Queries, people: 'everyone' | ReadonlySet<string>, today: Date): Promise<Leave[]> {
  const rows = await db.leaveRequest.findMany({
    where: {
      ...(people !== 'everyone' && { personId: { in: [...people] } }),
      OR: [{ state: 'requested' }, { state: { in: [...holdingStates] }, endsOn: { gte: today } }],
    },
    orderBy: [{ startsOn: 'asc' }, { id: 'asc' }],
    take: 200,
  });
  return rows.map(toLeave);
}

/** Leave of these people, approved or waiting, on some of these days. */
export async function leaveDuring(db: Queries, { from, to }: DateRange, people: ReadonlySet<string>): Promise<Leave[]> {
  const rows = await db.leaveRequest.findMany({
    where: {
      personId: { in: [...people] },
      state: { in: [...holdingStates] },
      startsOn: { lte: toColumn(to) },
      endsOn: { gte: toColumn(from) },
    },
    orderBy: [{ startsOn: 'asc' }, { id: 'asc' }],
  });
  return rows.map(toLeave);
}

/** A person's annual leave in a leave year. */
export async function loadBalance(
  db: Queries,
  personId: string,
  year: LeaveYear,
  today: Temporal.PlainDate,
): Promise<Balance> {
  const [leave, entitlement] = await Promise.all([
    leaveOf(db, personId),
    db.entitlement.findUnique({ where: { personId_year: { personId, year: year.year } } }),
  ]);
  return balanceOf(leave, year, entitlement?.days ?? standardEntitlement, today);
}
