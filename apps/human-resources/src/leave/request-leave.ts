import { record } from '@gatehouse/audit';
import type { FieldErrors } from '@gatehouse/web';
import manifest from '../../manifest.ts';
import type { Prisma, PrismaClient } from '../../prisma/generated/client.ts';
import { toColumn } from '../calendar/dates.ts';
import { leaveYearsIn } from '../calendar/leave-year.ts';
import { overlap, workingDays } from '../calendar/working-days.ts';
import { holdingStates, leaveKinds } from './leave.ts';
import type { LeaveForm } from './leave-form.ts';
import { leaveOf, loadBalance } from './leave-queries.ts';

export type LeaveOutcome = { ok: true; id: number } | { ok: false; errors: FieldErrors };

export interface LeaveOrder {
  personId: string;
  form: LeaveForm;
  today: Temporal.PlainDate;
  requestId: string;
}

/** Requests leave, unless it overlaps other leave of the person or exceeds their balance: then says so at the field. */
export async function requestLeave(prisma: PrismaClient, order: LeaveOrder): Promise<LeaveOutcome> {
  const { personId, form, requestId } = order;
  return prisma.$transaction(async (tx) => {
    // One at a time, or two requests of a person sent at once could take the same days.
    await tx.$executeRaw`LOCK TABLE human_resources.leave_request IN SHARE ROW EXCLUSIVE MODE`;
    const errors = (await findOverlap(tx, order)) ?? (await findShortfall(tx, order));
    if (errors) return { ok: false, errors };

    const { from, to, ...rest } = form;
    const { id } = await tx.leaveRequest.create({
      data: { ...rest, personId, startsOn: toColumn(from), endsOn: toColumn(to) },
    });
    await record(tx, {
      type: 'app.human-resources.leave_requested',
      clientId: manifest.clientId,
      actorPersonId: personId,
      requestId,
      detail: { leave: id, kind: form.kind, from: String(from), to: String(to) },
    });
    return { ok: true, id };
  });
}

async function findOverlap(tx: Prisma.TransactionClient, order: LeaveOrder): Promise<FieldErrors | undefined> {
  const holding = (await leaveOf(tx, order.personId)).filter(({ state }) =>
    holdingStates.some((each) => each === state),
  );
  const other = holding.find((leave) => overlap(leave, order.form));
  return other && { from: `You have ${leaveKinds[other.kind].title.toLowerCase()} on some of these days already` };
}

async function findShortfall(tx: Prisma.TransactionClient, order: LeaveOrder): Promise<FieldErrors | undefined> {
  const { personId, form, today } = order;
  if (!leaveKinds[form.kind].counted) return undefined;
  for (const year of leaveYearsIn(form)) {
    const { left } = await loadBalance(tx, personId, year, today);
    const wanted = workingDays(overlap(form, year) ?? form);
    if (wanted > left) return { to: `This takes ${wanted} days, and you have ${left} left in ${year.label}` };
  }
  return undefined;
}
