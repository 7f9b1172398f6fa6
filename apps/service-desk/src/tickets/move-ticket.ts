import { record } from '@gatehouse/audit';
import manifest from '../../manifest.ts';
import type { Prisma, PrismaClient } from '../../prisma/generated/client.ts';
import type { Ticket } from './ticket.ts';
import { ticketMovedOn } from './ticket-errors.ts';

export interface Move {
  ticket: Pick<Ticket, 'id' | 'requesterId'>;
  /** Id of the person who does it. */
  by: string;
  requestId: string;
}

/** @param from who had the ticket on the page that the agent saw */
export const takeTicket = (prisma: PrismaClient, move: Move, from: string | null): Promise<void> =>
  moveTicket(prisma, move, {
    event: 'ticket_taken',
    where: { state: { not: 'resolved' }, agentId: from },
    data: { state: 'in_progress', agentId: move.by },
  });

export const commentOn = (prisma: PrismaClient, move: Move, said: { body: string; internal: boolean }): Promise<void> =>
  moveTicket(prisma, move, { event: 'ticket_commented', where: { state: { not: 'resolved' } }, data: {}, said });

export const resolveTicket = (prisma: PrismaClient, move: Move, body: string): Promise<void> =>
  moveTicket(prisma, move, {
    event: 'ticket_resolved',
    where: { state: 'in_progress', agentId: move.by },
    data: { state: 'resolved', resolvedAt: new Date() },
    said: { body, internal: false },
  });

/** Back into the queue, for any agent to take. */
export const reopenTicket = (prisma: PrismaClient, move: Move, body: string): Promise<void> =>
  moveTicket(prisma, move, {
    event: 'ticket_reopened',
    where: { state: 'resolved' },
    data: { state: 'open', agentId: null, resolvedAt: null },
    said: { body, internal: false },
  });

interface Change {
  event: string;
  where: Prisma.TicketWhereInput;
  data: Prisma.TicketUncheckedUpdateManyInput;
  said?: { body: string; internal: boolean };
}

/**
 * One conditional UPDATE with what was said and its audit event: it changes the ticket that still stands as the person
 * saw it, or nothing.
 * @throws HttpError 409 `ticket_moved_on`
 */
async function moveTicket(prisma: PrismaClient, { ticket, by, requestId }: Move, change: Change): Promise<void> {
  const { event, where, data, said } = change;
  await prisma.$transaction(async (tx) => {
    const { count } = await tx.ticket.updateMany({ where: { ...where, id: ticket.id }, data });
    if (count === 0) throw ticketMovedOn();
    if (said) await tx.comment.create({ data: { ...said, ticketId: ticket.id, authorId: by } });
    await record(tx, {
      type: `app.service-desk.${event}`,
      clientId: manifest.clientId,
      actorPersonId: by,
      subjectPersonId: ticket.requesterId,
      requestId,
      detail: { ticket: ticket.id },
    });
  });
}
