import { HttpError } from '@gatehouse/web';
import type { Request, RequestHandler } from 'express';
import type { JWTPayload } from 'jose';
import type { Pool } from 'pg';
import { CONSOLE, ownApi, tokenCounts, verifyAccessToken } from '../protocol/index.ts';

interface Requirement {
  pool: Pool;
  issuer: string;
  /** What the token has to be for. */
  scope: string;
}

const administrators = new WeakMap<Request, string>();

/**
 * Lets in the console on behalf of an administrator: with a JWT access token for our own API (RFC 9068) that the
 * console got at the person's sign-in, as long as that sign-in lives and the person has the role. Nothing of it is
 * taken on the console's word.
 *
 * @throws {HttpError} 401 `token_refused`, 403 `administrator_required`
 */
export function requireAdministrator({ pool, issuer, scope }: Requirement): RequestHandler {
  return async (req, _res, next) => {
    const claims = await verify(pool, issuer, tokenOf(req));
    const standing = claims && (await standingOf(pool, claims));
    if (!standing) throw tokenRefused(ownApi(issuer));
    if (!standing.isAdministrator || !String(claims.scope).split(' ').includes(scope)) {
      throw new HttpError(403, 'administrator_required', 'Only an administrator may do that.');
    }
    administrators.set(req, standing.personId);
    next();
  };
}

/** The person for whom `requireAdministrator` has let the request in. */
export function administratorOf(req: Request): string {
  const personId = administrators.get(req);
  if (!personId) throw new TypeError(`${req.path} is not behind requireAdministrator`);
  return personId;
}

const tokenOf = (req: Request) => /^Bearer +([\w.~+/-]+=*) *$/i.exec(req.get('authorization') ?? '')?.[1];

async function verify(pool: Pool, issuer: string, token: string | undefined): Promise<JWTPayload | undefined> {
  if (token === undefined) return undefined;
  const requiredClaims = ['exp', 'iat', 'sub', 'client_id', 'sid'];
  const claims = await verifyAccessToken(pool, token, { issuer, audience: ownApi(issuer), requiredClaims });
  // Bound to a key that the caller would have to prove (RFC 9449), which nothing here asks for.
  return claims?.cnf === undefined ? claims : undefined;
}

interface Standing {
  personId: string;
  isAdministrator: boolean;
}

/** Of a sign-in to the console that lives, of somebody who is active. */
async function standingOf(pool: Pool, { client_id, sid, sub }: JWTPayload): Promise<Standing | undefined> {
  if (client_id !== CONSOLE) return undefined;
  if (!(await tokenCounts(pool, { clientId: CONSOLE, accountId: sub, session: String(sid) }))) return undefined;
  const { rows } = await pool.query<Standing>({
    name: 'administrator.standing',
    text: `SELECT p.id AS "personId", EXISTS (
             SELECT FROM directory.effective_role r
             WHERE r.person_id = p.id AND r.client_id = $1 AND r.role = 'administrator') AS "isAdministrator"
           FROM directory.person p WHERE p.id = $2`,
    values: [CONSOLE, sub],
  });
  return rows[0];
}

const tokenRefused = (realm: string) =>
  new HttpError(401, 'token_refused', 'The access token is missing, or no longer good.', {
    headers: { 'www-authenticate': `Bearer realm="${realm}", error="invalid_token"` },
  });
