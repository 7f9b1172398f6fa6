import { z } from 'zod';

/** The page of a list that an address names; the first for anything else. */
export const pageNumber = z.coerce.number().int().min(1).max(10_000).catch(1);

/** What the view of a list needs to lead to its other pages, with the same filter. */
export function pagination(
  path: string,
  filter: Record<string, string | undefined>,
  { page, perPage, count }: { page: number; perPage: number; count: number },
) {
  const given = Object.entries(filter).filter((entry): entry is [string, string] => Boolean(entry[1]));
  return {
    page,
    pages: Math.ceil(count / perPage),
    href: (other: number) => `${path}?${new URLSearchParams([...given, ['page', String(other)]])}`,
  };
}
