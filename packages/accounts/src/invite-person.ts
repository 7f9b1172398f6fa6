import { record } from '@gatehouse/audit';
import { normaliseEmail, normaliseLogin } from '@gatehouse/directory';
import type { Pool, PoolClient } from 'pg';
import { AccountsError } from './errors.ts';
import { fullName, type PersonNames } from './full-name.ts';
import { createOneTimeLink } from './one-time-links.ts';
import { inTransaction } from './transaction.ts';

export interface InvitedPerson extends PersonNames {
  login: string;
  email: string;
}

export interface Invitation {
  personId: string;
  name: string;
  email: string;
  /** Of the link by which they choose their password; it works once, for seven days. */
  token: string;
}

const sevenDays = 7 * 24 * 60 * 60;

/**
 * Makes a person who can choose a password by a link. Somebody who was invited before and has no password yet gets a
 * new link.
 *
 * @throws {AccountsError} `login_taken`, `email_taken`
 */
export function invitePerson(
  pool: Pool,
  { login, email, ...names }: InvitedPerson,
  { actorPersonId }: { actorPersonId?: string } = {},
): Promise<Invitation> {
  const person = { login: normaliseLogin(login), email: normaliseEmail(email), ...names };
  return inTransaction(pool, async (tx) => {
    const personId = (await create(tx, person, actorPersonId)) ?? (await findInvited(tx, person));
    const link = { personId, purpose: 'invitation' as const, lifetime: sevenDays, actorPersonId };
    const token = await createOneTimeLink(tx, link);
    return { personId, name: fullName(names), email: person.email, token };
  });
}

/** Nobody's login is another's address: people sign in by either. */
async function create(
  tx: PoolClient,
  { login, givenName, familyName, email }: InvitedPerson,
  actorPersonId: string | undefined,
): Promise<string | undefined> {
  const { rows } = await tx.query<{ id: string }>(
    `INSERT INTO directory.person (login, name, given_name, family_name, email)
     SELECT $1, $2, $3, $4, $5 WHERE NOT EXISTS (SELECT FROM directory.person WHERE login = $5 OR email = $1)
     ON CONFLICT DO NOTHING RETURNING id`,
    [login, fullName({ givenName, familyName }), givenName, familyName, email],
  );
  const id = rows[0]?.id;
  if (id) await record(tx, { type: 'person.created', actorPersonId, subjectPersonId: id });
  return id;
}

/** The very person, while they have not chosen a password. */
async function findInvited(tx: PoolClient, { login, email }: InvitedPerson): Promise<string> {
  const { rows } = await tx.query<{ id: string; login: string; email: string; hasPassword: boolean }>(
    `SELECT p.id, p.login, p.email, w.person_id IS NOT NULL AS "hasPassword"
     FROM directory.person p LEFT JOIN credentials.password w ON w.person_id = p.id
     WHERE p.login IN ($1, $2) OR p.email IN ($1, $2) ORDER BY p.login = $1 DESC, $1 IN (p.login, p.email) DESC`,
    [login, email],
  );
  const [found] = rows;
  if (found?.login === login && found.email === email && !found.hasPassword) return found.id;
  throw found?.login === login || found?.email === login
    ? new AccountsError('login_taken', `Somebody has the login ${login} already`)
    : new AccountsError('email_taken', `Somebody has the address ${email} already`);
}
