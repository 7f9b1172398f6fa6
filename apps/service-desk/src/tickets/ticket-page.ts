import { findNames } from '@gatehouse/directory';
import { HttpError, numberParam, parseForm, type Route } from '@gatehouse/web';
import type { Request, RequestHandler, Response } from 'express';
import { type Actor, actorOf } from '../actor.ts';
import type { Deps, Role } from '../deps.ts';
import { commentOn, type Move, reopenTicket, resolveTicket, takeTicket } from './move-ticket.ts';
import { presentTicket } from './present-ticket.ts';
import { mayComment, mayReopen, mayResolve, maySee, maySeeInternal, mayTake } from './ticket.ts';
import { ticketMovedOn, ticketNotFound, ticketNotYours } from './ticket-errors.ts';
import { commentForm, reopeningForm, resolutionForm, takingForm } from './ticket-form.ts';
import { findTicket, type TicketWithAsset } from './ticket-queries.ts';

interface Standing {
  actor: Actor;
  ticket: TicketWithAsset;
}

/** The page of one ticket, and what can be done with it there. */
export function ticketPageRoutes({ pool, prisma }: Deps): Route<Role>[] {
  const show: RequestHandler = async (req, res) => renderTicket(res, await loadTicket(req));

  const take: RequestHandler = async (req, res) => {
    const { ticket } = await loadTicket(req);
    const form = takingForm.safeParse(req.body);
    await answerTo(req, res, 'taken', async () => {
      if (!form.success) throw ticketMovedOn();
      await takeTicket(prisma, moveOf(req, ticket), form.data.from);
    });
  };

  const comment: RequestHandler = async (req, res) => {
    const standing = await loadTicket(req);
    const { actor, ticket } = standing;
    if (!actor.agent && ticket.requesterId !== actor.personId) throw ticketNotYours();
    const form = parseForm(commentForm, req.body);
    if (!form.ok) return renderTicket(res.status(422), standing, form);
    const internal = form.data.internal && maySeeInternal(actor);
    const said = { body: form.data.body, internal };
    await answerTo(req, res, 'commented', () => commentOn(prisma, moveOf(req, ticket), said));
  };

  const resolve: RequestHandler = async (req, res) => {
    const standing = await loadTicket(req);
    const { actor, ticket } = standing;
    if (ticket.state === 'in_progress' && !mayResolve(actor, ticket)) throw ticketNotYours();
    const form = parseForm(resolutionForm, req.body);
    if (!form.ok) return renderTicket(res.status(422), standing, form);
    await answerTo(req, res, 'resolved', () => resolveTicket(prisma, moveOf(req, ticket), form.data.body));
  };

  const reopen: RequestHandler = async (req, res) => {
    const standing = await loadTicket(req);
    const { actor, ticket } = standing;
    if (!actor.agent && ticket.requesterId !== actor.personId) throw ticketNotYours();
    const form = parseForm(reopeningForm, req.body);
    if (!form.ok) return renderTicket(res.status(422), standing, form);
    await answerTo(req, res, 'reopened', () => reopenTicket(prisma, moveOf(req, ticket), form.data.body));
  };

  /** Whoever was overtaken sees the ticket as it stands now, with what they typed. */
  async function answerTo(req: Request, res: Response, done: string, move: () => Promise<void>): Promise<void> {
    try {
      await move();
    } catch (error) {
      if (!(error instanceof HttpError && error.code === 'ticket_moved_on')) throw error;
      return renderTicket(res.status(409), await loadTicket(req), {
        values: req.body,
        errors: { form: error.message },
      });
    }
    res.redirect(303, `/tickets/${numberParam(req)}?done=${done}`);
  }

  async function loadTicket(req: Request): Promise<Standing> {
    const actor = actorOf(req);
    const ticket = await findTicket(prisma, numberParam(req));
    if (!ticket || !maySee(actor, ticket)) throw ticketNotFound();
    return { actor, ticket };
  }

  const moveOf = (req: Request, ticket: TicketWithAsset): Move => ({
    ticket,
    by: req.auth!.person.id,
    requestId: String(req.id),
  });

  async function renderTicket(res: Response, { actor, ticket }: Standing, form = {}) {
    const comments = await prisma.comment.findMany({
      where: { ticketId: ticket.id, ...(!maySeeInternal(actor) && { internal: false }) },
      orderBy: { id: 'asc' },
    });
    const named = [ticket.requesterId, ticket.agentId, ...comments.map(({ authorId }) => authorId)];
    const names = await findNames(pool, named);
    res.render('tickets/show', {
      ticket: presentTicket(ticket, names),
      comments: comments.map((said) => ({ ...said, authorName: names.get(said.authorId) })),
      may: {
        take: mayTake(actor, ticket),
        comment: mayComment(actor, ticket),
        commentInternally: maySeeInternal(actor),
        resolve: mayResolve(actor, ticket),
        reopen: mayReopen(actor, ticket),
        openAsset: actor.agent || actor.auditor,
      },
      ...form,
    });
  }

  return [
    { method: 'get', path: '/tickets/:id', allow: 'anyone', handler: show },
    { method: 'post', path: '/tickets/:id/take', form: '/tickets/:id', allow: 'agent', handler: take },
    {
      method: 'post',
      path: '/tickets/:id/comments',
      form: '/tickets/:id',
      allow: ['requester', 'agent'],
      handler: comment,
    },
    { method: 'post', path: '/tickets/:id/resolve', form: '/tickets/:id', allow: 'agent', handler: resolve },
    {
      method: 'post',
      path: '/tickets/:id/reopen',
      form: '/tickets/:id',
      allow: ['requester', 'agent'],
      handler: reopen,
    },
  ];
}
