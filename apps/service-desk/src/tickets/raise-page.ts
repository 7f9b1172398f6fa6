import { type FormResult, parseForm, type Route } from '@gatehouse/web';
import type { Request, RequestHandler, Response } from 'express';
import type { Deps, Role } from '../deps.ts';
import { raiseTicket } from './raise-ticket.ts';
import { priorities } from './ticket.ts';
import { ticketForm } from './ticket-form.ts';

/** The form of a new ticket. */
export function raisePageRoutes({ prisma }: Deps): Route<Role>[] {
  const showForm: RequestHandler = (req, res) => renderForm(req, res);

  const raise: RequestHandler = async (req, res) => {
    const form = parseForm(ticketForm, req.body);
    if (!form.ok) return renderForm(req, res.status(422), form);
    const requesterId = req.auth!.person.id;
    const outcome = await raiseTicket(prisma, { form: form.data, requesterId, requestId: String(req.id) });
    if (!outcome.ok) return renderForm(req, res.status(422), { values: req.body, errors: outcome.errors });
    res.redirect(303, `/tickets/${outcome.id}?done=raised`);
  };

  async function renderForm(req: Request, res: Response, form: Partial<FormResult<unknown>> = {}) {
    const things = await prisma.asset.findMany({ where: { holderId: req.auth!.person.id }, orderBy: { tag: 'asc' } });
    res.render('tickets/raise', { things, priorities, ...form });
  }

  return [
    { method: 'get', path: '/tickets/new', allow: 'requester', handler: showForm },
    { method: 'post', path: '/tickets', form: '/tickets/new', allow: 'requester', handler: raise },
  ];
}
