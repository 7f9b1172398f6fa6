import { findPerson, managerOf } from '@gatehouse/directory';
import { HttpError, type Route, uuidParam } from '@gatehouse/web';
import type { RequestHandler } from 'express';
import type { Deps, Role } from '../deps.ts';

/** The API for other apps, on behalf of a person: who manages somebody. */
export function managerApiRoutes({ pool }: Pick<Deps, 'pool'>): Route<Role>[] {
  const showManager: RequestHandler = async (req, res) => {
    const id = uuidParam(req);
    const [person, manager] = await Promise.all([findPerson(pool, id), managerOf(pool, id)]);
    if (!person) throw new HttpError(404, 'person_not_found', 'There is no such person.');
    res.json({
      person_id: person.id,
      manager: manager ? { person_id: manager.id, name: manager.name, email: manager.email } : null,
    });
  };

  return [{ method: 'get', path: '/api/people/:id/manager', allow: { scope: 'manager:read' }, handler: showManager }];
}
