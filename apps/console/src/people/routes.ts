import { listEndedSignIns, listSessions } from '@gatehouse/accounts';
import { list } from '@gatehouse/audit';
import { countPeople, findPerson, listPeople } from '@gatehouse/directory';
import type { RoleOf } from '@gatehouse/directory/manifest';
import { defineRoutes, HttpError, uuidParam } from '@gatehouse/web';
import type { Request, RequestHandler } from 'express';
import type { Pool } from 'pg';
import { z } from 'zod';
import type manifest from '../../manifest.ts';
import { describeEvents } from '../audit/describe-events.ts';
import { pageNumber, pagination } from '../pagination.ts';
import { grantsOf } from '../posts/what-there-is.ts';
import { appointmentsOf } from './appointments.ts';
import { lastSignIns } from './last-sign-ins.ts';
import { rightsOf } from './rights.ts';

const perPage = 25;

const peopleQuery = z.object({
  search: z.string().trim().max(100).optional().catch(undefined),
  status: z.enum(['active', 'disabled']).optional().catch(undefined),
  page: pageNumber,
});

/** Who there is, and what is known about each. */
export function peopleRoutes({ pool }: { pool: Pool }) {
  const showPeople: RequestHandler = async (req, res) => {
    const { page, ...filter } = peopleQuery.parse(req.query);
    const [people, count] = await Promise.all([
      listPeople(pool, { ...filter, limit: perPage, offset: (page - 1) * perPage }),
      countPeople(pool, filter),
    ]);
    res.render('people/people', {
      people,
      lastSignIns: await lastSignIns(
        pool,
        people.map(({ id }) => id),
      ),
      count,
      values: filter,
      mayAct: req.auth!.roles.includes('administrator'),
      pagination: pagination('/people', filter, { page, perPage, count }),
    });
  };

  const showPerson: RequestHandler = async (req, res) => {
    const person = await requirePerson(pool, req);
    const [appointments, grants, rights, sessions, ended, events] = await Promise.all([
      appointmentsOf(pool, person.id),
      grantsOf(pool, person.id),
      rightsOf(pool, person.id),
      listSessions(pool, person.id),
      listEndedSignIns(pool, person.id),
      list(pool, { personId: person.id, limit: 20 }),
    ]);
    const timeline = await describeEvents(pool, events);
    res.render('people/person', {
      person,
      appointments,
      grants,
      rights,
      sessions,
      ended,
      timeline,
      ...standing(req, person.id),
    });
  };

  const everyone = ['administrator', 'auditor'] as const;
  return defineRoutes<RoleOf<typeof manifest>>()([
    { method: 'get', path: '/people', allow: everyone, handler: showPeople },
    { method: 'get', path: '/people/:id', allow: everyone, handler: showPerson },
    { method: 'get', path: '/', allow: everyone, handler: (_req, res) => res.redirect(303, '/people') },
  ]);
}

/** @throws HttpError 404 when nobody has the id in the path */
export async function requirePerson(pool: Pool, req: Request) {
  const person = await findPerson(pool, uuidParam(req));
  if (person === undefined) throw new HttpError(404, 'person_unknown', 'There is no such person.');
  return person;
}

/** What whoever looks may do here. */
function standing(req: Request, personId: string) {
  const { person, roles } = req.auth!;
  return { mayAct: roles.includes('administrator'), isSelf: person.id === personId };
}
