import { findNames } from '@gatehouse/directory';
import { numberParam, parseForm, type Route } from '@gatehouse/web';
import type { Request, RequestHandler, Response } from 'express';
import type { z } from 'zod';
import type { Deps, Role } from '../deps.ts';
import { actorOf } from './actor.ts';
import {
  type Actor,
  isDecider,
  isPayer,
  mayDecide,
  mayDelete,
  mayEdit,
  mayPay,
  maySee,
  receiptNeededFrom,
} from './claim.ts';
import { claimNotFound, claimNotYours } from './claim-errors.ts';
import { approvalForm, refusalForm, revisionOf } from './claim-form.ts';
import { type ClaimWithReceipt, findClaim } from './claim-queries.ts';
import { claimTimeline } from './claim-timeline.ts';
import { findApprover } from './find-approver.ts';
import { formatMoney } from './money.ts';
import { decideClaim, payClaim, submitClaim } from './move-claim.ts';
import { presentClaim } from './present-claim.ts';
import { deleteDraft } from './save-claim.ts';

/** The page of one claim, and what can be done with it there. */
export function claimPageRoutes(deps: Deps): Route<Role>[] {
  const { pool, prisma } = deps;

  const show: RequestHandler = async (req, res) => renderClaim(res, await loadClaim(req));

  const submit: RequestHandler = async (req, res) => {
    const { actor, claim } = await loadClaim(req);
    if (claim.claimantId !== actor.personId) throw claimNotYours();
    if (claim.amount >= receiptNeededFrom && !claim.receipt) {
      const errors = { form: `Add a receipt first: claims of ${formatMoney(receiptNeededFrom)} and more need one.` };
      return renderClaim(res.status(422), { actor, claim }, { errors });
    }
    const approver = await findApprover(deps, claim.claimantId, () => deps.accessToken(req));
    await submitClaim(prisma, moveOf(req, claim), approver.approverId);
    const done = approver.approverId === null ? `submitted_${approver.because}` : 'submitted';
    res.redirect(303, `/claims/${claim.id}?done=${done}`);
  };

  const decide =
    (state: 'approved' | 'refused', schema: z.ZodType<{ note: string }>): RequestHandler =>
    async (req, res) => {
      const { actor, claim } = await loadClaim(req);
      if (!isDecider(actor, claim)) throw claimNotYours();
      const form = parseForm(schema, req.body);
      if (!form.ok) return renderClaim(res.status(422), { actor, claim }, form);
      await decideClaim(prisma, { ...moveOf(req, claim), ...form.data, state });
      res.redirect(303, `/claims/${claim.id}?done=${state}`);
    };

  const pay: RequestHandler = async (req, res) => {
    const { actor, claim } = await loadClaim(req);
    if (!isPayer(actor, claim)) throw claimNotYours();
    await payClaim(prisma, moveOf(req, claim));
    res.redirect(303, `/claims/${claim.id}?done=paid`);
  };

  const remove: RequestHandler = async (req, res) => {
    const { actor, claim } = await loadClaim(req);
    if (claim.claimantId !== actor.personId) throw claimNotYours();
    await deleteDraft(prisma, moveOf(req, claim));
    res.redirect(303, '/?done=deleted');
  };

  async function loadClaim(req: Request): Promise<{ actor: Actor; claim: ClaimWithReceipt }> {
    const actor = actorOf(req);
    const claim = await findClaim(prisma, numberParam(req));
    if (!claim || !maySee(actor, claim)) throw claimNotFound();
    return { actor, claim };
  }

  const moveOf = (req: Request, claim: ClaimWithReceipt) => ({
    claim: { ...claim, revision: revisionOf(req) },
    by: req.auth!.person.id,
    requestId: String(req.id),
  });

  async function renderClaim(res: Response, { actor, claim }: { actor: Actor; claim: ClaimWithReceipt }, form = {}) {
    const names = await findNames(pool, [claim.claimantId, claim.approverId, claim.decidedById, claim.paidById]);
    res.render('claims/show', {
      claim: presentClaim(claim, names),
      timeline: claimTimeline(claim, names),
      may: {
        edit: mayEdit(actor, claim),
        delete: mayDelete(actor, claim),
        decide: mayDecide(actor, claim),
        pay: mayPay(actor, claim),
      },
      ...form,
    });
  }

  const deciders = ['claimant', 'approver'] as const;
  return [
    { method: 'get', path: '/claims/:id', allow: 'anyone', handler: show },
    { method: 'post', path: '/claims/:id/submit', form: '/claims/:id', allow: 'claimant', handler: submit },
    {
      method: 'post',
      path: '/claims/:id/approve',
      form: '/claims/:id',
      allow: deciders,
      handler: decide('approved', approvalForm),
    },
    {
      method: 'post',
      path: '/claims/:id/refuse',
      form: '/claims/:id',
      allow: deciders,
      handler: decide('refused', refusalForm),
    },
    { method: 'post', path: '/claims/:id/pay', form: '/claims/:id', allow: 'clerk', handler: pay },
    { method: 'post', path: '/claims/:id/delete', form: '/claims/:id', allow: 'claimant', handler: remove },
  ];
}
