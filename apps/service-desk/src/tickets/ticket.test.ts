import { describe, expect, it } from 'vitest';
import type { Actor } from '../actor.ts';
import { mayComment, mayReopen, mayResolve, maySee, mayTake, type TicketStanding, type TicketState } from './ticket.ts';

const actor = (personId: string, role: 'requester' | 'agent' | 'auditor'): Actor => ({
  personId,
  requester: role === 'requester',
  agent: role === 'agent',
  auditor: role === 'auditor',
});

const everyone = [
  actor('amira', 'requester'),
  actor('colleague', 'requester'),
  actor('agent', 'agent'),
  actor('other-agent', 'agent'),
  actor('auditor', 'auditor'),
];

const ticket = (state: TicketState): TicketStanding => ({
  state,
  requesterId: 'amira',
  agentId: state === 'open' ? null : 'agent',
});
const allowed = (may: (actor: Actor, ticket: TicketStanding) => boolean, state: TicketState) =>
  everyone.filter((each) => may(each, ticket(state))).map(({ personId }) => personId);

describe('a ticket', () => {
  it('is seen by its requester, agents and auditors', () => {
    expect(allowed(maySee, 'open')).toEqual(['amira', 'agent', 'other-agent', 'auditor']);
  });

  it('is taken by any agent who does not have it yet', () => {
    expect(allowed(mayTake, 'open')).toEqual(['agent', 'other-agent']);
    expect(allowed(mayTake, 'in_progress')).toEqual(['other-agent']);
    expect(allowed(mayTake, 'resolved')).toEqual([]);
  });

  it('is talked about by its requester and agents until it is resolved', () => {
    expect(allowed(mayComment, 'open')).toEqual(['amira', 'agent', 'other-agent']);
    expect(allowed(mayComment, 'resolved')).toEqual([]);
  });

  it('is resolved by the agent who has it', () => {
    expect(allowed(mayResolve, 'open')).toEqual([]);
    expect(allowed(mayResolve, 'in_progress')).toEqual(['agent']);
    expect(allowed(mayResolve, 'resolved')).toEqual([]);
  });

  it('is reopened by its requester or an agent', () => {
    expect(allowed(mayReopen, 'resolved')).toEqual(['amira', 'agent', 'other-agent']);
    expect(allowed(mayReopen, 'open')).toEqual([]);
  });
});
