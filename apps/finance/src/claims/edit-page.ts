import { findOrganisation } from '@gatehouse/directory';
import { type FormResult, HttpError, numberParam, parseForm, type Route } from '@gatehouse/web';
import type { Request, RequestHandler, Response } from 'express';
import type { Deps, Role } from '../deps.ts';
import { receiptOf, receiveReceipt } from '../receipts/receive-receipt.ts';
import { actorOf } from './actor.ts';
import { categories, mayEdit, maySee } from './claim.ts';
import { claimMovedOn, claimNotFound, claimNotYours } from './claim-errors.ts';
import { type ClaimForm, claimForm, revisionOf } from './claim-form.ts';
import { type ClaimWithReceipt, findClaim } from './claim-queries.ts';
import { moneyInput } from './money.ts';
import { createClaim, updateClaim } from './save-claim.ts';

type FormLocals = Partial<FormResult<unknown>> & {
  /** The one to change; none for a new one. */
  claim?: ClaimWithReceipt;
  /** It was handed in meanwhile, so nothing can be saved. */
  closed?: boolean;
};

/** The form of a claim: a new one, and a draft or refused one to change. */
export function editPageRoutes({ pool, prisma }: Deps): Route<Role>[] {
  const showNew: RequestHandler = (_req, res) => renderForm(res);

  const create: RequestHandler = async (req, res) => {
    const form = await readForm(req);
    if (!form.ok) return renderForm(res.status(422), form);
    const id = await createClaim(prisma, { ...form.data, claimantId: req.auth!.person.id, requestId: String(req.id) });
    res.redirect(303, `/claims/${id}?done=saved`);
  };

  const showEdit: RequestHandler = async (req, res) => {
    const claim = await loadOwn(req);
    if (!mayEdit(actorOf(req), claim)) throw claimMovedOn();
    renderForm(res, { values: valuesOf(claim), claim });
  };

  const update: RequestHandler = async (req, res) => {
    const claim = { ...(await loadOwn(req)), revision: revisionOf(req) };
    const form = await readForm(req);
    if (!mayEdit(actorOf(req), claim)) return renderOvertaken(req, res);
    if (!form.ok) return renderForm(res.status(422), { ...form, claim });
    try {
      await updateClaim(prisma, claim, { ...form.data, claimantId: claim.claimantId, requestId: String(req.id) });
    } catch (error) {
      if (!(error instanceof HttpError && error.code === 'claim_moved_on')) throw error;
      return renderOvertaken(req, res);
    }
    res.redirect(303, `/claims/${claim.id}?done=saved`);
  };

  async function loadOwn(req: Request): Promise<ClaimWithReceipt> {
    const actor = actorOf(req);
    const claim = await findClaim(prisma, numberParam(req));
    if (!claim || !maySee(actor, claim)) throw claimNotFound();
    if (claim.claimantId !== actor.personId) throw claimNotYours();
    return claim;
  }

  /** What was typed, over the claim as it stands now: to be saved all the same, or copied where it was handed in. */
  async function renderOvertaken(req: Request, res: Response): Promise<void> {
    const claim = await loadOwn(req);
    const closed = !mayEdit(actorOf(req), claim);
    const receipt = !closed && receiptOf(req).file && chooseAgain;
    const errors = { form: closed ? handedInElsewhere : changedElsewhere, ...(receipt && { receipt }) };
    renderForm(res.status(409), { values: req.body, errors, claim, closed });
  }

  /** The typed fields and the receipt together; the receipt has to be chosen again when a field is wrong. */
  async function readForm(req: Request) {
    const { today } = await findOrganisation(pool);
    const form = parseForm(claimForm(Temporal.PlainDate.from(today)), req.body);
    const { file, fault } = receiptOf(req);
    if (form.ok && !fault) return { ok: true as const, data: { form: form.data satisfies ClaimForm, receipt: file } };
    const values = form.ok ? req.body : form.values;
    const receipt = fault ?? (file && chooseAgain);
    return { ok: false as const, values, errors: { ...(!form.ok && form.errors), ...(receipt && { receipt }) } };
  }

  function renderForm(res: Response, locals: FormLocals = {}): void {
    res.render('claims/edit', { claim: undefined, closed: false, categories, ...locals });
  }

  return [
    { method: 'get', path: '/claims/new', allow: 'claimant', handler: showNew },
    {
      method: 'post',
      path: '/claims',
      form: '/claims/new',
      allow: 'claimant',
      before: [receiveReceipt],
      handler: create,
    },
    { method: 'get', path: '/claims/:id/edit', allow: 'claimant', handler: showEdit },
    { method: 'post', path: '/claims/:id/edit', allow: 'claimant', before: [receiveReceipt], handler: update },
  ];
}

const changedElsewhere =
  'This claim was changed since you opened it, in another tab or on another device. ' +
  'Your text is below: save it to replace the other change, or cancel to keep that.';
const handedInElsewhere =
  'This claim was handed in since you opened it, in another tab or on another device, so it cannot be changed any more. ' +
  'Your text is below, to copy.';
const chooseAgain = 'Choose the receipt again: browsers do not keep files';

const valuesOf = ({ title, spentOn, amount, category, costCentre, note }: ClaimWithReceipt) => ({
  title,
  spentOn: spentOn.toISOString().slice(0, 10),
  amount: moneyInput(amount),
  category,
  costCentre,
  note,
});
