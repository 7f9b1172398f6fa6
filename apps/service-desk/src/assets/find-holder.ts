import { listPeople, normaliseLogin, type Person } from '@gatehouse/directory';
import type { Pool } from 'pg';

export type HolderSearch = { ok: true; person: Person } | { ok: false; error: string };

const MANY = 6;

/** The one active person whom a login name, or enough of a name, means. */
export async function findHolder(pool: Pool, text: string): Promise<HolderSearch> {
  const found = await listPeople(pool, { search: text, status: 'active', limit: MANY });
  const [first, ...others] = found;
  const exact = found.find(({ login }) => login === normaliseLogin(text));
  if (exact) return { ok: true, person: exact };
  if (!first) return { ok: false, error: 'Nobody of this name works here' };
  if (others.length === 0) return { ok: true, person: first };
  const logins = found.map(({ login }) => login).join(', ');
  return {
    ok: false,
    error: `Enter the login name: this could be ${logins}${found.length === MANY ? ' or others' : ''}`,
  };
}
