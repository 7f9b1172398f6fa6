import { priorities, states } from './ticket.ts';
import type { TicketWithAsset } from './ticket-queries.ts';

/** @param names by the id of the person */
export const presentTicket = (ticket: TicketWithAsset, names: Map<string, string>) => ({
  ...ticket,
  priority: priorities[ticket.priority],
  state: states[ticket.state],
  requesterName: names.get(ticket.requesterId) ?? '',
  agentName: names.get(ticket.agentId ?? ''),
});

/** The ids of everyone named in these tickets. */
export const peopleIn = (tickets: TicketWithAsset[]): (string | null)[] =>
  tickets.flatMap(({ requesterId, agentId }) => [requesterId, agentId]);
