import type { Prisma, PrismaClient } from '../../prisma/generated/client.ts';
import type { QueueFilter } from './ticket-form.ts';

const withAsset = { asset: { select: { id: true, tag: true, model: true } } } as const;

/** A ticket with the thing it is about. */
export type TicketWithAsset = Prisma.TicketGetPayload<{ include: typeof withAsset }>;

export const findTicket = (prisma: PrismaClient, id: number): Promise<TicketWithAsset | null> =>
  prisma.ticket.findUnique({ where: { id }, include: withAsset });

/** One's own, what is not resolved yet first, then the latest. */
export const ticketsOf = (prisma: PrismaClient, requesterId: string): Promise<TicketWithAsset[]> =>
  prisma.ticket.findMany({
    where: { requesterId },
    include: withAsset,
    orderBy: [{ state: 'asc' }, { id: 'desc' }],
    take: 100,
  });

/** The most urgent first, then the oldest. */
export const queueOf = (
  prisma: PrismaClient,
  where: Prisma.TicketWhereInput,
  { take = 100, skip = 0 } = {},
): Promise<TicketWithAsset[]> =>
  prisma.ticket.findMany({ where, include: withAsset, orderBy: [{ priority: 'desc' }, { id: 'asc' }], take, skip });

/** What a filter of the queue selects for this agent. */
export const queueWhere = ({ state, priority, mine }: QueueFilter, agentId: string): Prisma.TicketWhereInput => ({
  state: state === 'unresolved' ? { not: 'resolved' } : state,
  ...(priority && { priority }),
  ...(mine && { agentId }),
});
