import { findNames } from '@gatehouse/directory';
import type { Route } from '@gatehouse/web';
import type { RequestHandler } from 'express';
import { z } from 'zod';
import type { Deps, Role } from '../deps.ts';
import { type Leave, leaveStates } from './leave.ts';
import { toLeave } from './leave-queries.ts';
import { presentLeave } from './present-leave.ts';

const PAGE_SIZE = 25;

/** From a query string that anyone may have edited: what it does not know, it leaves out. */
const filterForm = z.object({
  state: z
    .enum(Object.keys(leaveStates) as [Leave['state']])
    .optional()
    .catch(undefined),
  page: z.coerce.number().int().min(1).max(10_000).catch(1),
});

/** Everyone's leave, the latest first, for officers and auditors. */
export function everyonesLeaveRoutes({ pool, prisma }: Deps): Route<Role>[] {
  const list: RequestHandler = async (req, res) => {
    const { state, page } = filterForm.parse(req.query);
    const where = state ? { state } : {};
    const [total, rows] = await Promise.all([
      prisma.leaveRequest.count({ where }),
      prisma.leaveRequest.findMany({
        where,
        orderBy: [{ startsOn: 'desc' }, { id: 'desc' }],
        take: PAGE_SIZE,
        skip: (page - 1) * PAGE_SIZE,
      }),
    ]);
    const names = await findNames(
      pool,
      rows.map(({ personId }) => personId),
    );
    res.render('leave/everyone', {
      leave: rows.map((row) => presentLeave(toLeave(row), names)),
      total,
      states: leaveStates,
      filter: { state },
      pagination: {
        page,
        pages: Math.ceil(total / PAGE_SIZE),
        href: (other: number) => `?${new URLSearchParams({ ...(state && { state }), page: String(other) })}`,
      },
    });
  };

  return [{ method: 'get', path: '/leave/all', allow: ['officer', 'auditor'], handler: list }];
}
