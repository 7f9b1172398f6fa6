import { findNames } from '@gatehouse/directory';
import { HttpError, numberParam, parseForm, type Route } from '@gatehouse/web';
import type { Request, RequestHandler, Response } from 'express';
import type { z } from 'zod';
import { loadToday } from '../calendar/today.ts';
import type { Deps, Role } from '../deps.ts';
import { decideLeave, leaveAlreadyDecided, withdrawLeave } from './decide-leave.ts';
import { isDecider, type Leave, mayDecide, mayView, mayWithdraw, type Viewer } from './leave.ts';
import { approvalForm, refusalForm, withdrawalForm } from './leave-form.ts';
import { findLeave, leaveDuring } from './leave-queries.ts';
import { presentLeave } from './present-leave.ts';
import { loadViewer } from './viewer.ts';

/** The page of one leave request, and what can be done with it there. */
export function leavePageRoutes({ pool, prisma }: Deps): Route<Role>[] {
  const show: RequestHandler = async (req, res) => renderLeave(res, await loadLeave(req));

  const decide =
    (state: 'approved' | 'refused', schema: z.ZodType<{ note: string }>): RequestHandler =>
    async (req, res) => {
      const { viewer, leave } = await loadLeave(req);
      if (!isDecider(viewer, leave)) throw notYours();
      const form = parseForm(schema, req.body);
      if (!form.ok) return renderLeave(res.status(422), { viewer, leave }, form);
      const decision = { leave, by: viewer.personId, note: form.data.note, requestId: String(req.id) };
      await decideLeave(prisma, state, decision);
      res.redirect(303, `/leave/${leave.id}?done=${state}`);
    };

  const withdraw: RequestHandler = async (req, res) => {
    const { viewer, leave } = await loadLeave(req);
    if (leave.personId !== viewer.personId) throw notYours();
    if (!mayWithdraw(viewer, leave, await loadToday(pool))) throw tooLate();
    const form = withdrawalForm.safeParse(req.body);
    if (!form.success) throw leaveAlreadyDecided();
    await withdrawLeave(prisma, { leave, by: viewer.personId, requestId: String(req.id) }, form.data.state);
    res.redirect(303, `/leave/${leave.id}?done=withdrawn`);
  };

  async function loadLeave(req: Request): Promise<{ viewer: Viewer; leave: Leave }> {
    const [viewer, leave] = await Promise.all([loadViewer(req, pool), findLeave(prisma, numberParam(req))]);
    if (!leave || !mayView(viewer, leave)) throw notFound();
    return { viewer, leave };
  }

  async function renderLeave(res: Response, { viewer, leave }: { viewer: Viewer; leave: Leave }, form = {}) {
    const decides = mayDecide(viewer, leave);
    const [today, away] = await Promise.all([
      loadToday(pool),
      decides ? leaveDuring(prisma, leave, viewer.reports.difference(new Set([leave.personId]))) : [],
    ]);
    const people = [leave.personId, leave.decidedById, ...away.map(({ personId }) => personId)];
    const names = await findNames(pool, people);
    res.render('leave/show', {
      leave: presentLeave(leave, names),
      shownState: leave.state,
      decidedBy: names.get(leave.decidedById ?? ''),
      isOwn: leave.personId === viewer.personId,
      mayDecide: decides,
      away: away.map((other) => presentLeave(other, names)),
      mayWithdraw: mayWithdraw(viewer, leave, today),
      ...form,
    });
  }

  return [
    { method: 'get', path: '/leave/:id', allow: 'anyone', handler: show },
    {
      method: 'post',
      path: '/leave/:id/approve',
      form: '/leave/:id',
      allow: ['employee', 'officer'],
      handler: decide('approved', approvalForm),
    },
    {
      method: 'post',
      path: '/leave/:id/refuse',
      form: '/leave/:id',
      allow: ['employee', 'officer'],
      handler: decide('refused', refusalForm),
    },
    { method: 'post', path: '/leave/:id/withdraw', form: '/leave/:id', allow: 'employee', handler: withdraw },
  ];
}

const notFound = () =>
  new HttpError(404, 'leave_not_found', 'There is no such leave request, or it is not yours to see.');

const notYours = () =>
  new HttpError(403, 'leave_not_yours', 'This is not yours to decide or withdraw. Nobody decides on their own leave.');

const tooLate = () =>
  new HttpError(409, 'leave_not_withdrawable', 'This leave has begun or was decided on, so it cannot be withdrawn.');
