import { findNames } from '@gatehouse/directory';
import { type FormResult, parseForm, type Route } from '@gatehouse/web';
import type { Request, RequestHandler, Response } from 'express';
import { toColumn } from '../calendar/dates.ts';
import { leaveYearOf } from '../calendar/leave-year.ts';
import { loadToday } from '../calendar/today.ts';
import type { Deps, Role } from '../deps.ts';
import { leaveKinds, mayDecide } from './leave.ts';
import { leaveForm } from './leave-form.ts';
import { leaveOf, loadBalance, openLeave } from './leave-queries.ts';
import { presentLeave } from './present-leave.ts';
import { requestLeave } from './request-leave.ts';
import { loadViewer } from './viewer.ts';

/** The front page, with one's own leave and what waits for one's decision, and the request form. */
export function ownLeaveRoutes({ pool, prisma }: Deps): Route<Role>[] {
  const home: RequestHandler = async (req, res) => {
    if (!req.auth!.roles.includes('employee')) return res.redirect('/leave/all');
    const [viewer, today] = await Promise.all([loadViewer(req, pool), loadToday(pool)]);
    const [balance, own, open] = await Promise.all([
      loadBalance(prisma, viewer.personId, leaveYearOf(today), today),
      leaveOf(prisma, viewer.personId),
      openLeave(prisma, viewer.officer ? 'everyone' : viewer.reports, toColumn(today)),
    ]);
    const names = await findNames(
      pool,
      open.map(({ personId }) => personId),
    );
    const present = (leave: (typeof open)[number]) => presentLeave(leave, names);
    res.render('leave/home', {
      balance,
      own: own.map(present),
      waiting: open.filter((leave) => mayDecide(viewer, leave)).map(present),
      comingUp: open.filter(({ personId, state }) => viewer.reports.has(personId) && state === 'approved').map(present),
    });
  };

  const newRequest: RequestHandler = (req, res) => renderForm(req, res);

  const create: RequestHandler = async (req, res) => {
    const today = await loadToday(pool);
    const form = parseForm(leaveForm(today), req.body);
    if (!form.ok) return renderForm(req, res.status(422), form);
    const order = { personId: req.auth!.person.id, form: form.data, today, requestId: String(req.id) };
    const outcome = await requestLeave(prisma, order);
    if (!outcome.ok) return renderForm(req, res.status(422), { values: req.body, errors: outcome.errors });
    res.redirect(303, `/leave/${outcome.id}?done=requested`);
  };

  async function renderForm(req: Request, res: Response, form: Partial<FormResult<unknown>> = {}) {
    const today = await loadToday(pool);
    const balance = await loadBalance(prisma, req.auth!.person.id, leaveYearOf(today), today);
    const kinds = Object.entries(leaveKinds).map(([value, { title }]) => ({ value, label: title }));
    res.render('leave/new', { ...form, balance, kinds });
  }

  return [
    { method: 'get', path: '/', allow: 'anyone', handler: home },
    { method: 'get', path: '/leave/new', allow: 'employee', handler: newRequest },
    { method: 'post', path: '/leave', form: '/leave/new', allow: 'employee', handler: create },
  ];
}
