import { normaliseLogin } from '@gatehouse/directory';
import type { Pool } from 'pg';
import { AccountsError } from './errors.ts';

/** @throws {AccountsError} `person_unknown` */
export async function findPersonByLogin(pool: Pool, login: string): Promise<string> {
  const { rows } = await pool.query<{ id: string }>('SELECT id FROM directory.person WHERE login = $1', [
    normaliseLogin(login),
  ]);
  if (!rows[0]) throw new AccountsError('person_unknown', `Nobody has the login ${login}`);
  return rows[0].id;
}
