import { z } from 'zod';
import { type Priority, priorities, states, type TicketState } from './ticket.ts';

const keys = <Key extends string>(record: Record<Key, unknown>) => Object.keys(record) as [Key];

const longText = (missing: string) => z.string().trim().min(1, missing).max(4000, 'Keep it below 4,000 characters');

/** The form of a new ticket. `asset` is empty, or the id of an asset that the person holds. */
export const ticketForm = z.object({
  title: z.string().trim().min(1, 'Say in a few words what is wrong').max(120, 'Keep it below 120 characters'),
  description: longText('Describe what happens, and what should happen'),
  priority: z.enum(keys<Priority>(priorities), 'Choose how urgent it is'),
  assetId: z
    .union([z.literal(''), z.coerce.number().int().positive()], 'Choose one of your things')
    .default('')
    .transform((id) => (id === '' ? null : id)),
});

export type TicketForm = z.output<typeof ticketForm>;

export const commentForm = z.object({
  body: longText('Write something'),
  internal: z
    .literal('yes')
    .optional()
    .transform((ticked) => ticked === 'yes'),
});

export const resolutionForm = z.object({ body: longText('Say what was done') });

export const reopeningForm = z.object({ body: longText('Say what is still wrong') });

/** Who had the ticket on the page on which an agent took it: empty for nobody. */
export const takingForm = z.object({
  from: z.union([z.literal(''), z.uuid()]).transform((id) => (id === '' ? null : id)),
});

/** The queue's filters, from a query string that anyone may have edited: what it does not know, it leaves out. */
export const queueFilter = z.object({
  state: z.enum(['unresolved', ...keys<TicketState>(states)]).catch('unresolved'),
  priority: z.enum(keys<Priority>(priorities)).optional().catch(undefined),
  mine: z
    .literal('yes')
    .optional()
    .catch(undefined)
    .transform((ticked) => ticked === 'yes'),
  page: z.coerce.number().int().min(1).max(10_000).catch(1),
});

export type QueueFilter = z.output<typeof queueFilter>;
