import type { Request, RequestHandler, Response } from 'express';
import type { JWTPayload } from 'jose';
import type { Caller } from './auth.ts';
import { AuthClientError } from './errors.ts';
import { discoverKeys } from './openid-client.ts';

/** A token that was verified, and what is asked with it. */
export interface TokenInQuestion {
  clientId: string;
  /** Of the person's sign-in at the calling app. */
  sid: string;
  personId: string;
  audience: string;
  /** What the route needs. */
  scope: string;
}

export interface BearerOptions {
  issuer: string;
  /** The resource indicator of this API: a token for another audience is refused. */
  audience: string;
  /** The scope that the route needs. */
  scope: string;
  /**
   * Whether the token still counts: its sign-in lives, and the calling app may still do this. Asked at each request.
   */
  isLive(token: TokenInQuestion): Promise<boolean>;
  /** What the provider signs access tokens with. Default is `ES256`. */
  signingAlgorithm?: string;
  /** How long one outgoing request may take, in seconds. Default is 5. */
  timeout?: number;
}

/**
 * Lets in an app that shows a JWT access token for this API (RFC 9068) with the scope, on behalf of a person who is
 * still signed in there. Sets `req.caller`. Refusals are 401 or 403 with the `WWW-Authenticate` of RFC 6750 §3. A token
 * that is bound to a key of its holder (RFC 9449, RFC 8705) is no bearer token and is refused.
 */
export function bearer(options: BearerOptions): RequestHandler {
  const { issuer, audience, scope, isLive, signingAlgorithm = 'ES256', timeout = 5 } = options;
  const keys = discoverKeys({ issuer, timeout });

  return async (req, res, next) => {
    const token = tokenOf(req);
    if (token === undefined) return refuse(res, 401, audience);
    const claims = await (await keys())
      .verify(token, {
        issuer,
        audience,
        algorithms: [signingAlgorithm],
        typ: 'at+jwt',
        requiredClaims: ['exp', 'iat', 'sub', 'client_id', 'sid'],
      })
      .catch(unlessUnreachable);
    const caller = claims && callerOf(claims);
    if (!caller) return refuse(res, 401, audience, { error: 'invalid_token' });
    if (!caller.scopes.includes(scope)) return refuse(res, 403, audience, { error: 'insufficient_scope', scope });
    const { clientId, sid, personId } = caller;
    if (!(await isLive({ clientId, sid, personId, audience, scope }))) {
      return refuse(res, 401, audience, { error: 'invalid_token' });
    }
    req.caller = caller;
    next();
  };
}

/** Only from the header: a token in a URL ends up in logs (RFC 9700 §4.3.2). */
function tokenOf(req: Request): string | undefined {
  return /^Bearer +([\w.~+/-]+=*) *$/i.exec(req.get('authorization') ?? '')?.[1];
}

function callerOf({ sub, client_id: clientId, sid, scope, cnf }: JWTPayload): Caller | undefined {
  if (cnf !== undefined) return undefined;
  if (typeof sub !== 'string' || typeof clientId !== 'string' || typeof sid !== 'string') return undefined;
  return { personId: sub, clientId, sid, scopes: typeof scope === 'string' ? scope.split(' ') : [] };
}

function unlessUnreachable(error: unknown): undefined {
  if (error instanceof AuthClientError) throw error;
  return undefined;
}

function refuse(res: Response, status: 401 | 403, realm: string, reason: Record<string, string> = {}): void {
  const parameters = Object.entries({ realm, ...reason }).map(([name, value]) => `${name}="${value}"`);
  res
    .status(status)
    .set({ 'WWW-Authenticate': `Bearer ${parameters.join(', ')}`, 'Cache-Control': 'no-store' })
    .json({ error: reason.error ?? 'token_required' });
}
