import type { Pool, PoolClient } from 'pg';

export type PersonStatus = 'active' | 'disabled';

export interface Person {
  /** The `sub` of OpenID Connect: opaque, permanent, never reused. */
  id: string;
  login: string;
  name: string;
  email: string;
  phone: string | null;
  status: PersonStatus;
  /** Titles of the designations held today. */
  designations: string[];
  /** Names of the departments of those designations. */
  departments: string[];
}

const selectPerson = `
  SELECT p.id, p.login, p.name, p.email, p.phone, p.status,
         coalesce(held.titles, '{}') AS designations, coalesce(held.departments, '{}') AS departments
  FROM directory.person p
  LEFT JOIN LATERAL (
    SELECT array_agg(h.title ORDER BY h.starts_on) AS titles,
           array_agg(DISTINCT h.department_name) AS departments
    FROM directory.held_designation h WHERE h.person_id = p.id
  ) held ON true`;

/** One person by `sub`, whatever their status; `undefined` when there is none. */
export async function findPerson(db: Pool | PoolClient, id: string): Promise<Person | undefined> {
  const [person] = await findPeople(db, [id]);
  return person;
}

/** The people with these ids, in no particular order. Unknown ids are left out. */
export async function findPeople(db: Pool | PoolClient, ids: readonly string[]): Promise<Person[]> {
  if (ids.length === 0) return [];
  const { rows } = await db.query<Person>(`${selectPerson} WHERE p.id = ANY($1::uuid[])`, [[...new Set(ids)]]);
  return rows;
}

/**
 * Names by id, in one query for a whole page: `names.get(claim.claimantId)`. Ids that are null or unknown are left out.
 */
export async function findNames(
  db: Pool | PoolClient,
  ids: readonly (string | null | undefined)[],
): Promise<Map<string, string>> {
  const wanted = [...new Set(ids)].filter((id) => id !== null && id !== undefined);
  if (wanted.length === 0) return new Map();
  const { rows } = await db.query<{ id: string; name: string }>(
    'SELECT id, name FROM directory.person WHERE id = ANY($1::uuid[])',
    [wanted],
  );
  return new Map(rows.map(({ id, name }) => [id, name]));
}

export interface PeopleFilter {
  /** Words that occur in name, login or e-mail address, or in a designation held today. */
  search?: string | undefined;
  /** Only people with this status; all by default. */
  status?: PersonStatus | undefined;
  /** Rows at most; 50 by default. */
  limit?: number | undefined;
  offset?: number | undefined;
}

const matches = `
  ($1::text IS NULL OR p.name ILIKE $1 OR p.login ILIKE $1 OR p.email ILIKE $1 OR EXISTS (
    SELECT FROM directory.held_designation h WHERE h.person_id = p.id AND h.title ILIKE $1))
  AND ($2::directory.person_status IS NULL OR p.status = $2::directory.person_status)`;

const pattern = (search: string | undefined) =>
  search?.trim() ? `%${search.trim().replace(/[\\%_]/g, '\\$&')}%` : null;

/** People in the order of their family names. */
export async function listPeople(db: Pool | PoolClient, filter: PeopleFilter = {}): Promise<Person[]> {
  const { rows } = await db.query<Person>(
    `${selectPerson} WHERE ${matches} ORDER BY p.family_name, p.given_name, p.id LIMIT $3 OFFSET $4`,
    [pattern(filter.search), filter.status ?? null, filter.limit ?? 50, filter.offset ?? 0],
  );
  return rows;
}

/** How many people `listPeople` finds in all with the same filter. */
export async function countPeople(
  db: Pool | PoolClient,
  filter: Pick<PeopleFilter, 'search' | 'status'> = {},
): Promise<number> {
  const { rows } = await db.query<{ count: number }>(
    `SELECT count(*)::int AS count FROM directory.person p WHERE ${matches}`,
    [pattern(filter.search), filter.status ?? null],
  );
  return rows[0]?.count ?? 0;
}
