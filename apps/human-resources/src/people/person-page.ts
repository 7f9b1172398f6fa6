import { designationsOf, findPerson, managerOf, type Person } from '@gatehouse/directory';
import { type FormResult, HttpError, parseForm, type Route, uuidParam } from '@gatehouse/web';
import type { Request, RequestHandler, Response } from 'express';
import { leaveYearOf } from '../calendar/leave-year.ts';
import { loadToday } from '../calendar/today.ts';
import type { Deps, Role } from '../deps.ts';
import { mayViewLeaveOf } from '../leave/leave.ts';
import { loadBalance } from '../leave/leave-queries.ts';
import { loadViewer } from '../leave/viewer.ts';
import { entitlementForm, setEntitlement } from './entitlement.ts';

/** A person's page: post, department and manager for everyone, annual leave for those who may see it. */
export function personPageRoutes({ pool, prisma }: Deps): Route<Role>[] {
  const show: RequestHandler = async (req, res) => renderPerson(req, res, await loadPerson(req));

  const changeEntitlement: RequestHandler = async (req, res) => {
    const person = await loadPerson(req);
    const by = req.auth!.person.id;
    if (person.id === by) throw new HttpError(403, 'own_entitlement', 'A colleague sets your entitlement, not you.');
    const form = parseForm(entitlementForm, req.body);
    if (!form.ok) return renderPerson(req, res.status(422), person, form);
    const { year } = leaveYearOf(await loadToday(pool));
    await setEntitlement(prisma, { personId: person.id, year, days: form.data.days, by, requestId: String(req.id) });
    res.redirect(303, `/people/${person.id}?done=entitled`);
  };

  async function loadPerson(req: Request): Promise<Person> {
    const person = await findPerson(pool, uuidParam(req));
    if (person?.status !== 'active') throw new HttpError(404, 'person_not_found', 'Nobody of this kind works here.');
    return person;
  }

  async function renderPerson(req: Request, res: Response, person: Person, form: Partial<FormResult<unknown>> = {}) {
    const [viewer, today, manager, designations] = await Promise.all([
      loadViewer(req, pool),
      loadToday(pool),
      managerOf(pool, person.id),
      designationsOf(pool, person.id),
    ]);
    const balance = mayViewLeaveOf(viewer, person.id)
      ? await loadBalance(prisma, person.id, leaveYearOf(today), today)
      : undefined;
    const maySetEntitlement = viewer.officer && viewer.personId !== person.id;
    res.render('people/show', { person, manager, designations, balance, maySetEntitlement, ...form });
  }

  return [
    { method: 'get', path: '/people/:id', allow: 'anyone', handler: show },
    {
      method: 'post',
      path: '/people/:id/entitlement',
      form: '/people/:id',
      allow: 'officer',
      handler: changeEntitlement,
    },
  ];
}
