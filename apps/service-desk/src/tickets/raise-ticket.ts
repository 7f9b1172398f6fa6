import { record } from '@gatehouse/audit';
import type { FieldErrors } from '@gatehouse/web';
import manifest from '../../manifest.ts';
import type { PrismaClient } from '../../prisma/generated/client.ts';
import type { TicketForm } from './ticket-form.ts';

export type RaiseOutcome = { ok: true; id: number } | { ok: false; errors: FieldErrors };

/** Raises a ticket, about a thing that the requester holds where it is about one. */
export async function raiseTicket(
  prisma: PrismaClient,
  { form, requesterId, requestId }: { form: TicketForm; requesterId: string; requestId: string },
): Promise<RaiseOutcome> {
  return prisma.$transaction(async (tx) => {
    const { assetId } = form;
    const isTheirs =
      assetId === null || (await tx.asset.count({ where: { id: assetId, holderId: requesterId } })) === 1;
    if (!isTheirs) return { ok: false, errors: { assetId: 'Choose one of your things' } };
    const { id } = await tx.ticket.create({ data: { ...form, requesterId } });
    await record(tx, {
      type: 'app.service-desk.ticket_raised',
      clientId: manifest.clientId,
      actorPersonId: requesterId,
      requestId,
      detail: { ticket: id, priority: form.priority },
    });
    return { ok: true, id };
  });
}
