import type { AccountOwner, Proof } from '@gatehouse/accounts';
import type { Request, Response } from 'express';
import type Provider from 'oidc-provider';
import type { Pool } from 'pg';

/** Who is signed in at the provider in a browser, and their moment as the session counted. */
export interface SignedInPerson extends AccountOwner {
  name: string;
  login: string;
  email: string;
  sessionUid: string;
  /** When they last proved who they are, and how (RFC 8176). */
  authenticatedAt: Date;
  amr: readonly string[];
  /** When the provider session ends. */
  expiresAt: Date;
}

/**
 * The active person whose live provider session this browser holds; `undefined` when there is none. Being seen here
 * keeps the session from ending for idleness.
 */
export async function currentSignedInPerson(
  provider: Provider,
  pool: Pool,
  req: Request,
  res: Response,
): Promise<SignedInPerson | undefined> {
  const session = await provider.Session.get(provider.createContext(req, res));
  if (!session.accountId) return undefined;
  const { rows } = await pool.query<Pick<SignedInPerson, 'name' | 'login' | 'email' | 'moment'>>({
    name: 'provider_session.person',
    text: `WITH used AS (
             UPDATE protocol.session_origin SET last_used_at = now()
             WHERE session_uid = $2 AND last_used_at < now() - interval '1 minute'
           )
           SELECT name, login, email, moment FROM directory.person
           WHERE id = $1 AND status = 'active'
             AND EXISTS (SELECT FROM protocol.state WHERE model = 'Session' AND uid = $2 AND ended_at IS NULL)`,
    values: [session.accountId, session.uid],
  });
  const [person] = rows;
  if (!person) return undefined;
  return {
    personId: session.accountId,
    ...person,
    sessionUid: session.uid,
    authenticatedAt: new Date((session.loginTs ?? 0) * 1000),
    amr: session.amr ?? [],
    expiresAt: new Date(session.exp * 1000),
  };
}

/** What a session stands on is the first step of asking for more, as old as it is: `auth_time` stays what it was. */
export const proofOfSession = ({ personId, amr, moment, authenticatedAt }: SignedInPerson): Proof => ({
  personId,
  amr: [...amr],
  moment,
  provedAt: Math.floor(+authenticatedAt / 1000),
});
