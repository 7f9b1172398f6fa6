import { record } from '@gatehouse/audit';
import { inTransaction } from '@gatehouse/prisma/transaction';
import type { Pool } from 'pg';
import { endSignIns } from './end-sign-ins.ts';

/** A consent is asked for anew after this many days. */
export const CONSENT_DAYS = 90;

/** Scopes of other apps' APIs, by audience. */
export type ApiScopes = Record<string, string[]>;

export interface Consent {
  clientId: string;
  scopes: string[];
  apiScopes: ApiScopes;
  grantedAt: Date;
  expiresAt: Date;
}

export interface ListedConsent extends Consent {
  title: string;
  /** Empty for an app on the person's own machine. */
  url: string;
}

/** In the interest of whom, and from where. */
export interface ConsentOrigin {
  personId: string;
  clientId: string;
  address?: string | undefined;
  requestId?: string | undefined;
}

const columns = `client_id AS "clientId", scopes, api_scopes AS "apiScopes",
  granted_at AS "grantedAt", expires_at AS "expiresAt"`;

/** What the person has agreed to for this client, as long as it holds. */
export async function findConsent(db: Pool, personId: string, clientId: string): Promise<Consent | undefined> {
  const { rows } = await db.query<Consent>({
    name: 'consent.find',
    text: `SELECT ${columns} FROM protocol.consent WHERE person_id = $1 AND client_id = $2 AND expires_at > now()`,
    values: [personId, clientId],
  });
  return rows[0];
}

/** Every app that the person has let see something of theirs, the latest first. */
export async function listConsents(db: Pool, personId: string): Promise<ListedConsent[]> {
  const { rows } = await db.query<ListedConsent>(
    `SELECT ${columns}, a.title, a.url FROM protocol.consent JOIN directory.app a USING (client_id)
     WHERE person_id = $1 AND expires_at > now() ORDER BY granted_at DESC`,
    [personId],
  );
  return rows;
}

/** Keeps what the person has agreed to now, together with what they agreed to before and still holds. */
export async function giveConsent(
  db: Pool,
  { personId, clientId, ...origin }: ConsentOrigin,
  { scopes, apiScopes }: Pick<Consent, 'scopes' | 'apiScopes'>,
): Promise<void> {
  await inTransaction(db, async (tx) => {
    await tx.query(
      `INSERT INTO protocol.consent AS c (person_id, client_id, scopes, api_scopes, expires_at)
       VALUES ($1, $2, $3, $4, now() + make_interval(days => $5))
       ON CONFLICT (person_id, client_id) DO UPDATE SET
         scopes = CASE WHEN c.expires_at > now()
                       THEN ARRAY(SELECT DISTINCT unnest(c.scopes || EXCLUDED.scopes)) ELSE EXCLUDED.scopes END,
         api_scopes = CASE WHEN c.expires_at > now() THEN c.api_scopes || EXCLUDED.api_scopes
                           ELSE EXCLUDED.api_scopes END,
         granted_at = now(), expires_at = EXCLUDED.expires_at`,
      [personId, clientId, scopes, JSON.stringify(apiScopes), CONSENT_DAYS],
    );
    const about = { actorPersonId: personId, subjectPersonId: personId, clientId, ...origin };
    await record(tx, { ...about, type: 'consent.given', detail: { scopes, apiScopes } });
  });
}

/**
 * Takes a consent back: the app's grants, tokens and sign-ins of this person end at once, and it has to ask again.
 *
 * @returns whether there was anything to take back
 */
export function revokeConsent(
  db: Pool,
  { personId, clientId, ...origin }: ConsentOrigin,
  actorPersonId: string = personId,
): Promise<boolean> {
  return inTransaction(db, async (tx) => {
    const { rowCount } = await tx.query('DELETE FROM protocol.consent WHERE person_id = $1 AND client_id = $2', [
      personId,
      clientId,
    ]);
    if (!rowCount) return false;
    const ended = await endSignIns(tx, { clientId, personId }, 'consent_revoked');
    const about = { actorPersonId, subjectPersonId: personId, clientId, ...origin };
    await record(tx, { ...about, type: 'consent.revoked', detail: { ended } });
    return true;
  });
}
