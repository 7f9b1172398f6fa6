import { normaliseEmail, normaliseLogin } from '@gatehouse/directory';
import type { Pool } from 'pg';
import { type Proof, proofColumns } from './proof.ts';

export interface Account extends Omit<Proof, 'amr'> {
  name: string;
  email: string;
  status: 'active' | 'disabled';
  /** Of the password; `null` where there is none. */
  hash: string | null;
}

/**
 * Whose login or e-mail address this is. Where it is the login of one and the address of another, it is the login: the
 * organisation gives those out, and nobody can take one by changing their address.
 */
export async function findAccount(pool: Pool, typed: string): Promise<Account | undefined> {
  const { rows } = await pool.query<Account>({
    name: 'accounts.find-account',
    text: `SELECT ${proofColumns}, p.name, p.email, p.status, w.hash
           FROM directory.person p LEFT JOIN credentials.password w ON w.person_id = p.id
           WHERE p.login = $1 OR p.email = $2 ORDER BY p.login = $1 DESC LIMIT 1`,
    values: [normaliseLogin(typed), normaliseEmail(typed)],
  });
  return rows[0];
}

/** What attempts are counted by: the person, whichever of their names was typed, else what was typed. */
export const accountKey = (account: Pick<Account, 'personId'> | undefined, typed: string): string =>
  account?.personId ?? normaliseEmail(typed);
