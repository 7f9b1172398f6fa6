import { findNames } from '@gatehouse/directory';
import type { Route } from '@gatehouse/web';
import type { RequestHandler } from 'express';
import { z } from 'zod';
import type { Deps, Role } from '../deps.ts';
import { type ClaimState, states } from './claim.ts';
import { listClaims } from './claim-queries.ts';
import { formatMoney } from './money.ts';
import { presentClaim } from './present-claim.ts';

const PAGE_SIZE = 25;

const { draft: _, ...visibleStates } = states;

/** From a query string that anyone may have edited: what it does not know, it leaves out. */
const filterForm = z.object({
  state: z
    .enum(Object.keys(visibleStates) as [Exclude<ClaimState, 'draft'>])
    .optional()
    .catch(undefined),
  page: z.coerce.number().int().min(1).max(10_000).catch(1),
});

/** Every claim but drafts, which are private. */
export function allClaimsRoutes({ pool, prisma }: Deps): Route<Role>[] {
  const list: RequestHandler = async (req, res) => {
    const { state, page } = filterForm.parse(req.query);
    const where = { state: state ?? { not: 'draft' as const } };
    const [{ _count: total, _sum: sum }, claims] = await Promise.all([
      prisma.claim.aggregate({ where, _count: true, _sum: { amount: true } }),
      listClaims(prisma, where, { take: PAGE_SIZE, skip: (page - 1) * PAGE_SIZE }),
    ]);
    const names = await findNames(
      pool,
      claims.map(({ claimantId }) => claimantId),
    );
    res.render('claims/all', {
      claims: claims.map((claim) => presentClaim(claim, names)),
      total,
      sum: formatMoney(sum.amount ?? 0),
      states: visibleStates,
      filter: { state },
      pagination: {
        page,
        pages: Math.ceil(total / PAGE_SIZE),
        href: (other: number) => `?${new URLSearchParams({ ...(state && { state }), page: String(other) })}`,
      },
    });
  };

  return [{ method: 'get', path: '/claims/all', allow: ['approver', 'clerk', 'auditor'], handler: list }];
}
