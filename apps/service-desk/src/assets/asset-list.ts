import { findNames } from '@gatehouse/directory';
import { parseForm, type Route } from '@gatehouse/web';
import type { RequestHandler, Response } from 'express';
import { z } from 'zod';
import type { Prisma } from '../../prisma/generated/client.ts';
import type { Deps, Role } from '../deps.ts';
import { assetForm, assetKinds } from './asset.ts';
import { registerAsset } from './change-asset.ts';

const PAGE_SIZE = 25;

const searchForm = z.object({
  search: z.string().trim().max(60).catch(''),
  page: z.coerce.number().int().min(1).max(10_000).catch(1),
});

/** What the council owns of computers, and the form to register more. */
export function assetListRoutes({ pool, prisma }: Deps): Route<Role>[] {
  const list: RequestHandler = async (req, res) => {
    const { search, page } = searchForm.parse(req.query);
    const where = whereOf(search);
    const [total, assets] = await Promise.all([
      prisma.asset.count({ where }),
      prisma.asset.findMany({ where, orderBy: { tag: 'asc' }, take: PAGE_SIZE, skip: (page - 1) * PAGE_SIZE }),
    ]);
    const names = await findNames(
      pool,
      assets.map(({ holderId }) => holderId),
    );
    res.render('assets/list', {
      assets: assets.map((asset) => ({
        ...asset,
        kind: assetKinds[asset.kind],
        holderName: names.get(asset.holderId ?? ''),
      })),
      total,
      search,
      mayRegister: req.auth!.roles.includes('agent'),
      pagination: {
        page,
        pages: Math.ceil(total / PAGE_SIZE),
        href: (other: number) => `?${new URLSearchParams({ search, page: String(other) })}`,
      },
    });
  };

  const showForm: RequestHandler = (_req, res) => renderForm(res);

  const register: RequestHandler = async (req, res) => {
    const form = parseForm(assetForm, req.body);
    if (!form.ok) return renderForm(res.status(422), form);
    const outcome = await registerAsset(prisma, form.data, { by: req.auth!.person.id, requestId: String(req.id) });
    if (!outcome.ok) return renderForm(res.status(422), { values: req.body, errors: outcome.errors });
    res.redirect(303, `/assets/${outcome.id}?done=registered`);
  };

  const renderForm = (res: Response, form = {}) => res.render('assets/new', { assetKinds, ...form });

  return [
    { method: 'get', path: '/assets', allow: ['agent', 'auditor'], handler: list },
    { method: 'get', path: '/assets/new', allow: 'agent', handler: showForm },
    { method: 'post', path: '/assets/new', allow: 'agent', handler: register },
  ];
}

function whereOf(search: string): Prisma.AssetWhereInput {
  if (search === '') return {};
  // Prisma hands the text to ILIKE as it is.
  const contains = search.replace(/[\\%_]/g, '\\$&');
  const columns = ['tag', 'model', 'serialNumber'] as const;
  return { OR: columns.map((column) => ({ [column]: { contains, mode: 'insensitive' } })) };
}
