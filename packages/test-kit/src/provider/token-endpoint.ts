import { createHash, randomUUID } from 'node:crypto';
import type { Request, RequestHandler, Response } from 'express';
import { idTokenFaults, isIdTokenFault, now } from './faults.ts';
import type { Claims } from './signing.ts';
import type { IssuedCode, ProviderState } from './state.ts';

const lifetime = 300;

/** POST /token: exchanges a code once, with client_secret_basic and PKCE S256, or errs as `state.fault` says. */
export function tokenEndpoint(state: ProviderState): RequestHandler {
  return async (req, res) => {
    const form = req.body as Record<string, string | undefined>;
    const issued = state.codes.get(form.code ?? '');
    state.codes.delete(form.code ?? '');
    if (!isClient(req, issued)) return refuse(res, 401, 'invalid_client');
    if (!issued || !isRightCode(issued, form) || state.fault === 'token_refused') {
      return refuse(res, 400, 'invalid_grant');
    }
    if (state.fault === 'token_fails') return void res.status(500).end();
    if (state.fault === 'token_hangs') return;
    if (state.fault === 'token_not_json') return void res.type('html').send('<h1>Welcome</h1>');
    await state.hooks.onExchange?.(issued.signIn);
    res.json({
      access_token: await accessToken(state, issued),
      token_type: 'Bearer',
      expires_in: lifetime,
      scope: issued.scope,
      ...(state.fault !== 'token_without_id_token' && { id_token: await idToken(state, issued) }),
    });
  };
}

/** Basic credentials are form-encoded first (RFC 6749 §2.3.1). */
function isClient(req: Request, issued: IssuedCode | undefined): boolean {
  const encoded = /^Basic (.+)$/.exec(req.get('authorization') ?? '')?.[1] ?? '';
  const [id = '', secret = ''] = Buffer.from(encoded, 'base64').toString().split(':').map(decodeURIComponent);
  return issued !== undefined && id === issued.client.clientId && secret === issued.client.clientSecret;
}

function isRightCode(issued: IssuedCode, form: Record<string, string | undefined>): boolean {
  const challenge = createHash('sha256')
    .update(form.code_verifier ?? '')
    .digest('base64url');
  return challenge === issued.challenge && form.redirect_uri === issued.redirectUri;
}

async function idToken({ issuer, fault, key, otherKey }: ProviderState, issued: IssuedCode): Promise<string> {
  const { client, person, signIn, nonce } = issued;
  const claims: Claims = { iss: issuer, aud: client.clientId, sub: person.sub, sid: signIn.sid, nonce };
  Object.assign(claims, { iat: now(), exp: now() + lifetime, auth_time: now() });
  if (isIdTokenFault(fault)) return await idTokenFaults[fault](claims, key, otherKey);
  return await key.sign(claims, fault === 'kid_absent' ? { kid: undefined } : {});
}

/** A JWT for the API that was asked for (RFC 9068), otherwise an opaque token for userinfo. */
async function accessToken(state: ProviderState, issued: IssuedCode): Promise<string> {
  const { person, client, signIn, scope, resource } = issued;
  if (resource !== undefined) {
    const about = { sub: person.sub, client_id: client.clientId, sid: signIn.sid, scope };
    const times = { iat: now(), exp: now() + lifetime };
    return await state.key.sign(
      { iss: state.issuer, aud: resource, jti: randomUUID(), ...times, ...about },
      { typ: 'at+jwt' },
    );
  }
  const token = randomUUID();
  state.accessTokens.set(token, person);
  return token;
}

function refuse(res: Response, status: number, error: string): void {
  res.status(status).json({ error });
}
