import { findNames } from '@gatehouse/directory';
import type { Route } from '@gatehouse/web';
import type { RequestHandler } from 'express';
import { actorOf } from '../actor.ts';
import type { Deps, Role } from '../deps.ts';
import { peopleIn, presentTicket } from './present-ticket.ts';
import { queueOf, ticketsOf } from './ticket-queries.ts';

const SHORT_LIST = 10;

/** The front page: for agents what they have and what waits, for everyone their own tickets. */
export function homeRoutes({ pool, prisma }: Deps): Route<Role>[] {
  const home: RequestHandler = async (req, res) => {
    const { personId, requester, agent } = actorOf(req);
    if (!requester && !agent) return res.redirect('/queue');
    const [own, taken, waiting] = await Promise.all([
      ticketsOf(prisma, personId),
      agent ? queueOf(prisma, { agentId: personId, state: 'in_progress' }) : [],
      agent ? queueOf(prisma, { state: 'open' }, { take: SHORT_LIST }) : [],
    ]);
    const names = await findNames(pool, peopleIn([...own, ...taken, ...waiting]));
    const present = (tickets: typeof own) => tickets.map((ticket) => presentTicket(ticket, names));
    res.render('tickets/home', { own: present(own), taken: present(taken), waiting: present(waiting), requester });
  };

  return [{ method: 'get', path: '/', allow: 'anyone', handler: home }];
}
