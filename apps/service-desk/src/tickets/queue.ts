import { findNames } from '@gatehouse/directory';
import type { Route } from '@gatehouse/web';
import type { RequestHandler } from 'express';
import { actorOf } from '../actor.ts';
import type { Deps, Role } from '../deps.ts';
import { peopleIn, presentTicket } from './present-ticket.ts';
import { priorities, states } from './ticket.ts';
import { queueFilter } from './ticket-form.ts';
import { queueOf, queueWhere } from './ticket-queries.ts';

const PAGE_SIZE = 25;

/** Every ticket, filtered, for agents and auditors. */
export function queueRoutes({ pool, prisma }: Deps): Route<Role>[] {
  const list: RequestHandler = async (req, res) => {
    const actor = actorOf(req);
    const filter = queueFilter.parse(req.query);
    const where = queueWhere(filter, actor.personId);
    const [total, tickets] = await Promise.all([
      prisma.ticket.count({ where }),
      queueOf(prisma, where, { take: PAGE_SIZE, skip: (filter.page - 1) * PAGE_SIZE }),
    ]);
    const names = await findNames(pool, peopleIn(tickets));
    const { state, priority, mine, page } = filter;
    res.render('tickets/queue', {
      tickets: tickets.map((ticket) => presentTicket(ticket, names)),
      total,
      filter,
      states,
      priorities,
      agent: actor.agent,
      pagination: {
        page,
        pages: Math.ceil(total / PAGE_SIZE),
        href: (other: number) =>
          `?${new URLSearchParams({ state, ...(priority && { priority }), ...(mine && { mine: 'yes' }), page: String(other) })}`,
      },
    });
  };

  return [{ method: 'get', path: '/queue', allow: ['agent', 'auditor'], handler: list }];
}
