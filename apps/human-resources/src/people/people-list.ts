import { countPeople, listPeople } from '@gatehouse/directory';
import type { Route } from '@gatehouse/web';
import type { RequestHandler } from 'express';
import { z } from 'zod';
import type { Deps, Role } from '../deps.ts';

const PAGE_SIZE = 25;

const searchForm = z.object({
  search: z.string().trim().max(100).catch(''),
  page: z.coerce.number().int().min(1).max(10_000).catch(1),
});

/** The staff directory: everyone who works here today, by family name. */
export function peopleListRoutes({ pool }: Deps): Route<Role>[] {
  const list: RequestHandler = async (req, res) => {
    const { search, page } = searchForm.parse(req.query);
    const filter = { search, status: 'active' } as const;
    const [total, people] = await Promise.all([
      countPeople(pool, filter),
      listPeople(pool, { ...filter, limit: PAGE_SIZE, offset: (page - 1) * PAGE_SIZE }),
    ]);
    res.render('people/list', {
      people,
      total,
      search,
      pagination: {
        page,
        pages: Math.ceil(total / PAGE_SIZE),
        href: (other: number) => `?${new URLSearchParams({ search, page: String(other) })}`,
      },
    });
  };

  return [{ method: 'get', path: '/people', allow: 'anyone', handler: list }];
}
