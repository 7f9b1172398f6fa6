import { MANAGE_CLIENTS } from '@gatehouse/clients/api';
import { HttpError } from '@gatehouse/web';
import type { Request, RequestHandler } from 'express';
import { errors, importJWK, type JWK, type JWTHeaderParameters, type JWTPayload, jwtVerify } from 'jose';
import type { Pool } from 'pg';
import { CONSOLE, ownApi } from '../protocol/index.ts';

const administrators = new WeakMap<Request, string>();

/**
 * Lets in the console on behalf of an administrator: with a JWT access token for our own API (RFC 9068) that the console
 * got at the person's sign-in, as long as that sign-in lives and the person has the role. Nothing of it is taken on the
 * console's word.
 *
 * @throws {HttpError} 401 `token_refused`, 403 `administrator_required`
 */
export function requireAdministrator({ pool, issuer }: { pool: Pool; issuer: string }): RequestHandler {
  return async (req, _res, next) => {
    const claims = await verify(pool, issuer, tokenOf(req));
    const standing = claims && (await standingOf(pool, claims));
    if (!standing) throw tokenRefused(ownApi(issuer));
    if (!standing.isAdministrator || !String(claims.scope).split(' ').includes(MANAGE_CLIENTS)) {
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
  const checks = {
    issuer,
    audience: ownApi(issuer),
    algorithms: ['ES256'],
    typ: 'at+jwt',
    requiredClaims: ['exp', 'iat', 'sub', 'client_id', 'sid'],
  };
  return jwtVerify(token, (header: JWTHeaderParameters) => publicKey(pool, header.kid), checks).then(
    ({ payload }) => payload,
    (error: unknown) => {
      if (error instanceof errors.JOSEError) return undefined;
      throw error;
    },
  );
}

/** From the database and not from memory: another instance may have signed with a key that is newer than this process. */
async function publicKey(pool: Pool, kid: string | undefined) {
  const { rows } = await pool.query<{ jwk: JWK }>({
    name: 'signing_key.public',
    text: 'SELECT public_jwk AS jwk FROM protocol.signing_key WHERE kid = $1',
    values: [kid ?? ''],
  });
  if (!rows[0]) throw new errors.JWKSNoMatchingKey();
  return importJWK(rows[0].jwk, 'ES256');
}

interface Standing {
  personId: string;
  isAdministrator: boolean;
}

/** Of a sign-in to the console that lives, of somebody who is active. */
async function standingOf(pool: Pool, { client_id, sid, sub }: JWTPayload): Promise<Standing | undefined> {
  if (client_id !== CONSOLE) return undefined;
  const { rows } = await pool.query<Standing>({
    name: 'administrator.standing',
    text: `SELECT s.person_id AS "personId", EXISTS (
             SELECT FROM directory.effective_role r
             WHERE r.person_id = s.person_id AND r.client_id = $1 AND r.role = 'administrator') AS "isAdministrator"
           FROM app_sessions.sign_in s JOIN directory.person p ON p.id = s.person_id AND p.status = 'active'
           WHERE s.client_id = $1 AND s.sid = $2 AND s.person_id::text = $3 AND s.ended_at IS NULL AND s.expires_at > now()`,
    values: [CONSOLE, sid, sub],
  });
  return rows[0];
}

const tokenRefused = (realm: string) =>
  new HttpError(401, 'token_refused', 'The access token is missing, or no longer good.', {
    headers: { 'www-authenticate': `Bearer realm="${realm}", error="invalid_token"` },
  });
