import { record } from '@gatehouse/audit';
import { normaliseEmail, normaliseLogin } from '@gatehouse/directory';
import { administratorRole, hasAdministrator, lockAdministrators } from '@gatehouse/directory/manage';
import type { Pool, PoolClient } from 'pg';
import { AccountsError } from './errors.ts';
import { fullName, type PersonNames } from './full-name.ts';
import { createOneTimeLink } from './one-time-links.ts';
import { inTransaction } from './transaction.ts';

export interface FirstAdministrator extends PersonNames {
  login: string;
  email: string;
}

const oneDay = 24 * 60 * 60;

/**
 * Makes the first administrator of an installation and a link, good for one day, by which they set their password.
 * A person with that login who exists already is made administrator.
 *
 * @returns the link's token
 * @throws {AccountsError} `administrator_exists` when somebody administers already; they can appoint others
 */
export function createFirstAdministrator(pool: Pool, administrator: FirstAdministrator): Promise<string> {
  return inTransaction(pool, async (tx) => {
    await lockAdministrators(tx);
    if (await hasAdministrator(tx)) {
      throw new AccountsError('administrator_exists', 'There is an administrator already, who can appoint others');
    }
    const personId = await findOrCreate(tx, administrator);
    await tx.query(
      `INSERT INTO directory.personal_grant (person_id, client_id, role, reason, starts_on)
       VALUES ($1, $2, $3, 'First administrator', directory.today())`,
      [personId, administratorRole.clientId, administratorRole.role],
    );
    await record(tx, { type: 'role.granted', subjectPersonId: personId, detail: administratorRole });
    return createOneTimeLink(tx, { personId, purpose: 'first_administrator', lifetime: oneDay });
  });
}

async function findOrCreate(
  tx: PoolClient,
  { login, givenName, familyName, email }: FirstAdministrator,
): Promise<string> {
  const { rows } = await tx.query<{ id: string; created: boolean }>(
    `INSERT INTO directory.person (login, name, given_name, family_name, email) VALUES ($1, $2, $3, $4, $5)
     ON CONFLICT (login) DO UPDATE SET status = 'active', disabled_at = NULL
     RETURNING id, xmax = 0 AS created`,
    [normaliseLogin(login), fullName({ givenName, familyName }), givenName, familyName, normaliseEmail(email)],
  );
  const person = rows[0] as { id: string; created: boolean };
  if (person.created) await record(tx, { type: 'person.created', subjectPersonId: person.id });
  return person.id;
}
