import { findNames } from '@gatehouse/directory';
import { HttpError, numberParam, parseForm, type Route } from '@gatehouse/web';
import type { Request, RequestHandler, Response } from 'express';
import type { Deps, Role } from '../deps.ts';
import { peopleIn, presentTicket } from '../tickets/present-ticket.ts';
import { queueOf } from '../tickets/ticket-queries.ts';
import { type Asset, assetKinds, assignmentForm } from './asset.ts';
import { assignAsset } from './change-asset.ts';
import { findHolder } from './find-holder.ts';

/** The page of one asset: who has it, what was wrong with it, and handing it over. */
export function assetPageRoutes({ pool, prisma }: Deps): Route<Role>[] {
  const show: RequestHandler = async (req, res) => renderAsset(req, res, await loadAsset(req));

  const assign: RequestHandler = async (req, res) => {
    const asset = await loadAsset(req);
    const form = parseForm(assignmentForm, req.body);
    if (!form.ok) return renderAsset(req, res.status(422), asset, form);
    const { holder, from } = form.data;
    const search = holder === '' ? undefined : await findHolder(pool, holder);
    if (search && !search.ok) {
      return renderAsset(req, res.status(422), asset, { values: req.body, errors: { holder: search.error } });
    }
    const to = search?.person.id ?? null;
    try {
      await assignAsset(prisma, { assetId: asset.id, from, to, by: req.auth!.person.id, requestId: String(req.id) });
    } catch (error) {
      if (!(error instanceof HttpError && error.code === 'asset_moved_on')) throw error;
      const typed = { values: { holder }, errors: { form: error.message } };
      return renderAsset(req, res.status(409), await loadAsset(req), typed);
    }
    res.redirect(303, `/assets/${asset.id}?done=${to ? 'assigned' : 'stored'}`);
  };

  async function loadAsset(req: Request): Promise<Asset> {
    const asset = await prisma.asset.findUnique({ where: { id: numberParam(req) } });
    if (!asset) throw new HttpError(404, 'asset_not_found', 'There is no such asset.');
    return asset;
  }

  async function renderAsset(req: Request, res: Response, asset: Asset, form = {}) {
    const tickets = await queueOf(prisma, { assetId: asset.id }, { take: 20 });
    const names = await findNames(pool, [asset.holderId, ...peopleIn(tickets)]);
    res.render('assets/show', {
      item: { ...asset, kind: assetKinds[asset.kind], holderName: names.get(asset.holderId ?? '') },
      tickets: tickets.map((ticket) => presentTicket(ticket, names)),
      mayAssign: req.auth!.roles.includes('agent'),
      ...form,
    });
  }

  return [
    { method: 'get', path: '/assets/:id', allow: ['agent', 'auditor'], handler: show },
    { method: 'post', path: '/assets/:id/assign', form: '/assets/:id', allow: 'agent', handler: assign },
  ];
}
