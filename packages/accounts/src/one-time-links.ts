import { record } from '@gatehouse/audit';
import { randomToken, sha256 } from '@gatehouse/encryption';
import type { PoolClient } from 'pg';
import { AccountsError } from './errors.ts';
import type { Database } from './transaction.ts';

/** Why the person is to set a password. */
export type LinkPurpose = 'first_administrator' | 'invitation' | 'reset';

export interface NewLink {
  personId: string;
  purpose: LinkPurpose;
  /** Seconds until it expires; one hour by default. */
  lifetime?: number;
  actorPersonId?: string | undefined;
}

/** The token of a new link that works once. Only its SHA-256 is kept, so it can be shown this one time only. */
export async function createOneTimeLink(db: Database, link: NewLink): Promise<string> {
  const { personId, purpose, lifetime = 60 * 60, actorPersonId } = link;
  const token = randomToken();
  await db.query(
    `INSERT INTO credentials.one_time_link (token_hash, person_id, purpose, expires_at)
     VALUES ($1, $2, $3, now() + $4 * interval '1 s')`,
    [sha256(token), personId, purpose, lifetime],
  );
  await record(db, { type: 'link.created', actorPersonId, subjectPersonId: personId, detail: { purpose } });
  return token;
}

export interface UsableLink {
  personId: string;
  purpose: LinkPurpose;
  login: string;
  name: string;
}

/**
 * Whom an unused link is for, without using it: mail scanners open links too. Dead for a disabled person, and once
 * anything has secured the account since it was made.
 */
export async function findLink(db: Database, token: string): Promise<UsableLink | undefined> {
  const { rows } = await db.query<UsableLink>(
    `SELECT l.person_id AS "personId", l.purpose, p.login, p.name
     FROM credentials.one_time_link l JOIN directory.person p ON p.id = l.person_id AND p.status = 'active' AND p.moment = l.moment
     WHERE l.token_hash = $1 AND l.used_at IS NULL AND l.expires_at > now()`,
    [sha256(token)],
  );
  return rows[0];
}

/** Whether a link was used in the last minutes: whoever sent its form twice has set the password by the first. */
export async function wasJustUsed(db: Database, token: string): Promise<boolean> {
  const { rowCount } = await db.query(
    `SELECT FROM credentials.one_time_link WHERE token_hash = $1 AND used_at > now() - interval '10 minutes'`,
    [sha256(token)],
  );
  return rowCount === 1;
}

/**
 * Uses a link up, of a person who is locked already (`lockPerson`). Of parallel uses exactly one succeeds.
 * @throws {AccountsError} `link_unusable`: unknown, used, expired, its person is disabled, or was secured since
 */
export async function takeLink(tx: PoolClient, token: string): Promise<{ personId: string; purpose: LinkPurpose }> {
  const { rows } = await tx.query<{ personId: string; purpose: LinkPurpose }>(
    `UPDATE credentials.one_time_link l SET used_at = now() FROM directory.person p
     WHERE l.token_hash = $1 AND l.used_at IS NULL AND l.expires_at > now()
       AND p.id = l.person_id AND p.status = 'active' AND p.moment = l.moment
     RETURNING l.person_id AS "personId", l.purpose`,
    [sha256(token)],
  );
  const link = rows[0];
  if (link === undefined) throw new AccountsError('link_unusable', 'The link has been used or has expired');
  await record(tx, { type: 'link.used', subjectPersonId: link.personId, detail: { purpose: link.purpose } });
  return link;
}
