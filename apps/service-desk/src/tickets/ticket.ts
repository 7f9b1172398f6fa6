import type { Priority, Ticket, TicketState } from '../../prisma/generated/client.ts';
import type { Actor } from '../actor.ts';

export type { Priority, Ticket, TicketState };

/** The most urgent first. `tone` is the colour of its badge. */
export const priorities = {
  urgent: { title: 'Urgent', hint: 'Work has stopped for several people', tone: 'bad' },
  high: { title: 'High', hint: 'I cannot work', tone: 'warn' },
  normal: { title: 'Normal', hint: 'I can work around it', tone: 'neutral' },
  low: { title: 'Low', hint: 'A question or a wish', tone: 'neutral' },
} as const satisfies Record<Priority, { title: string; hint: string; tone: string }>;

export const states = {
  open: { title: 'Open', tone: 'warn' },
  in_progress: { title: 'In progress', tone: 'info' },
  resolved: { title: 'Resolved', tone: 'good' },
} as const satisfies Record<TicketState, { title: string; tone: string }>;

/** The parts of a ticket that decide who may do what with it. */
export type TicketStanding = Pick<Ticket, 'state' | 'requesterId' | 'agentId'>;

const isOwn = (actor: Actor, ticket: TicketStanding) => ticket.requesterId === actor.personId;
const isResolved = (ticket: TicketStanding) => ticket.state === 'resolved';

export const maySee = (actor: Actor, ticket: TicketStanding): boolean =>
  isOwn(actor, ticket) || actor.agent || actor.auditor;

export const maySeeInternal = (actor: Actor): boolean => actor.agent || actor.auditor;

/** An agent takes a ticket that nobody has, or takes it over from another agent. */
export const mayTake = (actor: Actor, ticket: TicketStanding): boolean =>
  actor.agent && !isResolved(ticket) && ticket.agentId !== actor.personId;

export const mayComment = (actor: Actor, ticket: TicketStanding): boolean =>
  !isResolved(ticket) && (actor.agent || (actor.requester && isOwn(actor, ticket)));

/** The agent who has it resolves it. */
export const mayResolve = (actor: Actor, ticket: TicketStanding): boolean =>
  actor.agent && ticket.state === 'in_progress' && ticket.agentId === actor.personId;

/** The person whom it was resolved for, or an agent, may find that it was not. */
export const mayReopen = (actor: Actor, ticket: TicketStanding): boolean =>
  isResolved(ticket) && (actor.agent || (actor.requester && isOwn(actor, ticket)));
