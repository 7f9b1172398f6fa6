import { randomUUID } from 'node:crypto';
import express, { type Express, type Request, type Response } from 'express';
import { createSigningKey } from './signing.ts';
import { type ProviderState, signInAt, type TestSession } from './state.ts';
import { tokenEndpoint } from './token-endpoint.ts';

const cookieName = 'test_provider_session';

/** The endpoints of a minimal OpenID Provider that signs in `state.person` without asking. */
export function providerEndpoints(state: ProviderState): Express {
  const app = express().disable('x-powered-by');
  app.use((req, _res, next) => {
    state.requests.push(`${req.method} ${req.path}`);
    next();
  });

  app.get('/.well-known/openid-configuration', (_req, res) => void res.json(discoveryDocument(state)));

  app.get('/jwks', async (_req, res) => {
    if (state.fault === 'jwks_fails') return void res.status(500).end();
    const keys = state.fault === 'kid_absent' ? [withoutKid(state)] : [state.key.publicJwk, state.otherKey.publicJwk];
    if (state.fault === 'key_rotated_before_signing') state.key = await createSigningKey();
    res.json({ keys });
  });

  app.get('/auth', async (req, res) => {
    const { client_id, redirect_uri, state: requestState, nonce, code_challenge, scope, resource } = parameters(req);
    const client = state.clients.get(client_id ?? '');
    if (!client || redirect_uri !== `${client.baseUrl}/auth/callback`)
      return void res.status(400).send('unknown client');
    if (!code_challenge) return void res.status(400).send('PKCE is required');
    const answer = (values: Record<string, string>) => redirect(res, redirect_uri, { ...callbackValues(), ...values });
    const session = sessionOf(req, res);
    if (!session) return void res.send('Sign in at the test provider');
    if (state.fault === 'access_denied') return answer({ error: 'access_denied' });
    const signIn = await signInAt(state, session, client.clientId);
    const code = randomUUID();
    state.codes.set(code, {
      client,
      signIn,
      person: session.person,
      redirectUri: redirect_uri,
      nonce,
      challenge: code_challenge,
      scope: scope ?? 'openid',
      resource,
    });
    return answer({ code });

    function callbackValues(): Record<string, string> {
      return {
        state: state.fault === 'state_wrong' ? 'another' : (requestState ?? ''),
        ...(state.fault !== 'iss_parameter_missing' && {
          iss: state.fault === 'iss_parameter_wrong' ? 'https://another.example' : state.issuer,
        }),
      };
    }
  });

  app.post('/token', express.urlencoded({ extended: false }), tokenEndpoint(state));

  app.get('/me', (req, res) => {
    const person = state.accessTokens.get(req.get('authorization')?.replace(/^Bearer /, '') ?? '');
    if (!person) return void res.status(401).set('WWW-Authenticate', 'Bearer error="invalid_token"').end();
    if (state.fault === 'userinfo_fails') return void res.status(500).end();
    const sub = state.fault === 'userinfo_other_sub' ? 'another-person' : person.sub;
    const { name, email, login: preferred_username, roles } = person;
    res.json({ sub, name, email, preferred_username, roles });
  });

  app.all('/session/end', express.urlencoded({ extended: false }), async (req, res) => {
    const { post_logout_redirect_uri: uri = '', state: requestState = '' } = { ...parameters(req), ...req.body };
    const session = sessionOf(req, res);
    if (session) {
      state.sessions.delete(session.uid);
      await state.hooks.onSignOut?.([...session.signIns.values()]);
    }
    res.clearCookie(cookieName);
    const isRegistered = [...state.clients.values()].some(({ baseUrl }) => uri === `${baseUrl}/`);
    if (!isRegistered) return void res.send('You are signed out');
    redirect(res, uri, { state: requestState });
  });

  return app;

  function sessionOf(req: Request, res: Response): TestSession | undefined {
    const uid = new RegExp(`${cookieName}=([\\w-]+)`).exec(req.headers.cookie ?? '')?.[1];
    const known = state.sessions.get(uid ?? '');
    if (known || !state.person) return known;
    const session = { uid: randomUUID(), person: state.person, signIns: new Map() };
    state.sessions.set(session.uid, session);
    res.cookie(cookieName, session.uid, { httpOnly: true, sameSite: 'lax' });
    return session;
  }
}

function discoveryDocument({ issuer, fault, key }: ProviderState) {
  return {
    issuer: fault === 'discovery_other_issuer' ? 'https://another.example' : issuer,
    authorization_endpoint: `${issuer}/auth`,
    token_endpoint: `${issuer}/token`,
    userinfo_endpoint: `${issuer}/me`,
    jwks_uri: `${issuer}/jwks`,
    end_session_endpoint: `${issuer}/session/end`,
    response_types_supported: ['code'],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: [key.publicJwk.alg],
    code_challenge_methods_supported: ['S256'],
    authorization_response_iss_parameter_supported: true,
    backchannel_logout_supported: true,
    backchannel_logout_session_supported: true,
  };
}

function withoutKid({ key }: ProviderState) {
  const { kid: _, ...jwk } = key.publicJwk;
  return jwk;
}

function parameters(req: Request): Record<string, string | undefined> {
  return req.query as Record<string, string | undefined>;
}

function redirect(res: Response, to: string, values: Record<string, string>): void {
  const url = new URL(to);
  for (const [name, value] of Object.entries(values)) url.searchParams.set(name, value);
  res.redirect(303, url.href);
}
