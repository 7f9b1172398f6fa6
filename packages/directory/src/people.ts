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

/** @param people what is read as `p`: the posts of no more people than these are looked up */
const selectPerson = (people: string) => `
  SELECT p.id, p.login, p.name, p.email, p.phone, p.status,
         coalesce(held.titles, '{}') AS designations, coalesce(held.departments, '{}') AS departments
  FROM ${people} p
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
  const { rows } = await db.query<Person>(`${selectPerson('directory.person')} WHERE p.id = ANY($1::uuid[])`, [
    [...new Set(ids)],
  ]);
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
  /**
   * Words, in any order, each the beginning of a word of the person's name, login and e-mail address, or of a
   * designation held today. Accents and case do not matter.
   */
  search?: string | undefined;
  /** Only people with this status; all by default. */
  status?: PersonStatus | undefined;
  /** Rows at most; 50 by default. */
  limit?: number | undefined;
  offset?: number | undefined;
}

const said = "p.name || ' ' || p.given_name || ' ' || p.family_name || ' ' || p.login || ' ' || p.email";

/**
 * What is typed finds people as they are written: see `directory.search_query`, and the index `person_search`, which is
 * only used where there is something to search for and no alternative to it.
 */
const matching = (isSearched: boolean) => `
  ($2::directory.person_status IS NULL OR p.status = $2::directory.person_status)
  AND ${
    isSearched
      ? `p.id IN (
           SELECT p.id FROM directory.person p WHERE directory.search_vector(${said}) @@ directory.search_query($1)
           UNION
           SELECT h.person_id FROM directory.held_designation h
           WHERE directory.search_vector(h.title) @@ directory.search_query($1))`
      : '$1::text IS NULL'
  }`;

/** What was typed, if anything was: signs without a word find nobody. */
const typed = (search: string | undefined) => (search?.trim() ? search : null);

/** People in the order of their family names. */
export async function listPeople(db: Pool | PoolClient, filter: PeopleFilter = {}): Promise<Person[]> {
  const search = typed(filter.search);
  const { rows } = await db.query<Person>(
    `${selectPerson(`(
       SELECT p.id, p.login, p.name, p.email, p.phone, p.status, p.family_name, p.given_name
       FROM directory.person p WHERE ${matching(search !== null)} ORDER BY p.family_name, p.given_name, p.id LIMIT $3 OFFSET $4)`)}
     ORDER BY p.family_name, p.given_name, p.id`,
    [search, filter.status ?? null, filter.limit ?? 50, filter.offset ?? 0],
  );
  return rows;
}

/** How many people `listPeople` finds in all with the same filter. */
export async function countPeople(
  db: Pool | PoolClient,
  filter: Pick<PeopleFilter, 'search' | 'status'> = {},
): Promise<number> {
  const search = typed(filter.search);
  const { rows } = await db.query<{ count: number }>(
    `SELECT count(*)::int AS count FROM directory.person p WHERE ${matching(search !== null)}`,
    [search, filter.status ?? null],
  );
  return rows[0]?.count ?? 0;
}
