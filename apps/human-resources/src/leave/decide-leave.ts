import { record } from '@gatehouse/audit';
import { HttpError } from '@gatehouse/web';
import manifest from '../../manifest.ts';
import type { LeaveState, Prisma, PrismaClient } from '../../prisma/generated/client.ts';
import type { HoldingState, Leave } from './leave.ts';

export interface Decision {
  leave: Leave;
  by: string;
  note: string;
  requestId: string;
}

/**
 * Approves or refuses waiting leave. Of two people who decide at once, the first wins.
 * @throws HttpError 409 `leave_already_decided`
 */
export async function decideLeave(
  prisma: PrismaClient,
  state: 'approved' | 'refused',
  decision: Decision,
): Promise<void> {
  const { by, note } = decision;
  await moveLeave(prisma, decision, state, {
    where: { state: 'requested', personId: { not: by } },
    data: { decidedById: by, decidedAt: new Date(), decisionNote: note },
  });
}

/**
 * Withdraws one's own leave, waiting or approved.
 * @param shown the state that its page showed
 * @throws HttpError 409 `leave_already_decided`
 */
export async function withdrawLeave(
  prisma: PrismaClient,
  withdrawal: Omit<Decision, 'note'>,
  shown: HoldingState,
): Promise<void> {
  const { by } = withdrawal;
  await moveLeave(prisma, withdrawal, 'withdrawn', { where: { state: shown, personId: by }, data: {} });
}

/**
 * One conditional UPDATE with its audit event: it changes the row that still stands as the person saw it, or nothing.
 */
async function moveLeave(
  prisma: PrismaClient,
  { leave, by, requestId }: Omit<Decision, 'note'>,
  state: LeaveState,
  { where, data }: { where: Prisma.LeaveRequestWhereInput; data: Prisma.LeaveRequestUpdateManyMutationInput },
): Promise<void> {
  await prisma.$transaction(async (tx) => {
    const { count } = await tx.leaveRequest.updateMany({ where: { ...where, id: leave.id }, data: { ...data, state } });
    if (count === 0) throw leaveAlreadyDecided();
    await record(tx, {
      type: `app.human-resources.leave_${state}`,
      clientId: manifest.clientId,
      actorPersonId: by,
      subjectPersonId: leave.personId,
      requestId,
      detail: { leave: leave.id },
    });
  });
}

export const leaveAlreadyDecided = () =>
  new HttpError(
    409,
    'leave_already_decided',
    'This leave was decided on or withdrawn in the meantime, so nothing was changed. Open it again to see how it stands.',
  );
