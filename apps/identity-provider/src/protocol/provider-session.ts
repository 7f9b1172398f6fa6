import type { Request, Response } from 'express';
import type Provider from 'oidc-provider';
import type { Pool } from 'pg';

/** Who is signed in at the provider in a browser. */
export interface SignedInPerson {
  personId: string;
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
 * The active person whose live provider session this browser holds; `undefined` when there is none. Being seen here keeps
 * the session from ending for idleness.
 */
export async function currentSignedInPerson(
  provider: Provider,
  pool: Pool,
  req: Request,
  res: Response,
): Promise<SignedInPerson | undefined> {
  const session = await provider.Session.get(provider.createContext(req, res));
  if (!session.accountId) return undefined;
  const { rows } = await pool.query<{ name: string; login: string; email: string }>({
    name: 'provider_session.person',
    text: `WITH used AS (
             UPDATE protocol.session_origin SET last_used_at = now()
             WHERE session_uid = $2 AND last_used_at < now() - interval '1 minute'
           )
           SELECT name, login, email FROM directory.person WHERE id = $1 AND status = 'active'`,
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
