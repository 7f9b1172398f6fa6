import { rotateSecret } from '@gatehouse/clients';
import { createSealer } from '@gatehouse/encryption';
import { type Browser, createBrowser } from '@gatehouse/test-kit/browser';
import { createRemoteJWKSet, decodeJwt, decodeProtectedHeader, importJWK, jwtVerify, SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { signIn } from '../../testing/sign-in.ts';
import { type RunningProvider, startProvider } from '../../testing/start-provider.ts';
import { type ThirdParty, thirdParty } from '../../testing/third-party.ts';

let running: RunningProvider;
let browser: Browser;
const login = 'grace.lindqvist';

beforeAll(async () => {
  running = await startProvider();
  browser = createBrowser();
  await signIn(browser, running.issuer, login);
});
afterAll(() => running.stop());

const client = (client_id: string, metadata = {}) => thirdParty(running, { client_id, ...metadata }, login);
const redeem = async (app: ThirdParty, scope = 'openid', changes = {}): Promise<Record<string, string>> =>
  (await (await app.redeem(await app.codeFor(browser, { scope }), changes)).json()) as Record<string, string>;
const post = (path: string, body: Record<string, string>, headers: Record<string, string> = {}) =>
  fetch(running.issuer + path, { method: 'POST', body: new URLSearchParams(body), headers });

it('P44 a client is known to every instance at once, and unknown at once when it is removed', async () => {
  const twin = await startProvider({ db: running.db, issuer: running.issuer });
  const ask = () => twin.clients.metadataOf('newcomer');
  expect(await ask()).toBeUndefined();
  await client('newcomer');
  await expect.poll(ask).toMatchObject({ client_id: 'newcomer' });
  await running.db.owner.query(`DELETE FROM protocol.client_registration WHERE client_id = 'newcomer'`);
  await expect.poll(ask).toBeUndefined();
  await twin.stop();
});

describe('S02 a redirect URI that got into the database by another way', () => {
  it.each(['javascript:alert(1)', 'data:text/html,x', 'https://app.example/cb#fragment', 'relative/path'])(
    '%s is refused when the client is loaded',
    async (uri) => {
      const app = await client(`smuggled-${uri.length}`);
      expect(await app.codeFor(browser)).toBeTruthy();
      await running.db.owner.query(
        `UPDATE protocol.client_registration SET metadata = metadata || jsonb_build_object('redirect_uris', jsonb_build_array($2::text))
         WHERE client_id = $1`,
        [app.clientId, uri],
      );
      const ask = () => browser.visit(app.authorizationUrl({ redirect_uri: uri }), { follow: false });
      await expect.poll(async () => (await ask()).status).toBe(400);
      expect((await ask()).headers.location).toBeUndefined();
    },
  );
});

it('S77 the secret before works until its date', async () => {
  const app = await client('rotating');
  const before = running.db.clientSecret('rotating');
  const sealer = createSealer(running.db.encryptionKey);
  const status = async (secret: string) => (await app.redeem(await app.codeFor(browser), { secret })).status;
  const until = (seconds: number) => ({ previousUntil: new Date(Date.now() + seconds * 1000) });
  const { client_secret: second } = await rotateSecret(running.db.owner, sealer, 'rotating', until(3600));
  await expect.poll(() => status(second)).toBe(200);
  expect(await status(before)).toBe(200);
  const { client_secret: third } = await rotateSecret(running.db.owner, sealer, 'rotating', until(-1));
  await expect.poll(() => status(third)).toBe(200);
  expect([await status(second), await status(before)]).toEqual([401, 401]);
});

it('P15 has the lifetimes that it is registered with', async () => {
  const app = await client('brief', { access_token_lifetime: 60, id_token_lifetime: 120 });
  const tokens = await redeem(app);
  expect(tokens.expires_in).toBe(60);
  const { iat = 0, exp = 0 } = decodeJwt(String(tokens.id_token));
  expect(exp - iat).toBe(120);
  expect((await redeem(await client('usual'))).expires_in).toBe(600);
});

it('P16 C44 has claims in the ID token where it is registered so, and otherwise at userinfo only', async () => {
  const scope = 'openid profile email org';
  const [full, lean] = [await client('full', { id_token_claims: true }), await client('lean')];
  expect(decodeJwt(String((await redeem(full, scope)).id_token))).toMatchObject({
    name: 'Grace Lindqvist',
    email: 'grace.lindqvist@harbour.example',
    designations: ['Head of Finance'],
    roles: [],
  });
  const { id_token, access_token } = await redeem(lean, scope);
  expect(decodeJwt(String(id_token))).not.toHaveProperty('name');
  const me = await fetch(`${running.issuer}/me`, { headers: { authorization: `Bearer ${access_token}` } });
  expect(await me.json()).toMatchObject({ name: 'Grace Lindqvist' });
});

it('P13 C48 signs with the algorithm that it is registered with, and with RS256 where it says nothing', async () => {
  const keys = createRemoteJWKSet(new URL(`${running.issuer}/jwks`));
  for (const [name, alg, said] of [
    ['silent', 'RS256', {}],
    ['rs', 'RS256', { id_token_signed_response_alg: 'RS256' }],
    ['es', 'ES256', { id_token_signed_response_alg: 'ES256' }],
  ] as const) {
    const app = await client(`alg-${name}`, said);
    const { id_token = '' } = await redeem(app);
    expect(decodeProtectedHeader(id_token)).toMatchObject({ alg, kid: expect.any(String) });
    await jwtVerify(id_token, keys, { issuer: running.issuer, audience: `alg-${name}` });
  }
  const { keys: published } = (await (await fetch(`${running.issuer}/jwks`)).json()) as { keys: object[] };
  expect(published).toHaveLength(2);
  for (const key of published) expect(key).not.toHaveProperty('d');
});

it('P20 the address and the telephone number are there for their scopes, and absent where a person has none', async () => {
  const app = await client('postal');
  const me = async () => {
    const { access_token } = await redeem(app, 'openid phone address');
    return (await fetch(`${running.issuer}/me`, { headers: { authorization: `Bearer ${access_token}` } })).json();
  };
  const sub = await running.db.personId(login);
  expect(await me()).toEqual({
    sub,
    phone_number: expect.stringMatching(/^\+44/),
    phone_number_verified: true,
    address: expect.objectContaining({ street_address: '1 Quay Street', country: 'GB' }),
  });
  await running.db.owner.query('UPDATE directory.person SET phone = NULL, address = NULL WHERE id = $1', [sub]);
  expect(await me()).toEqual({ sub });
});

describe('P10 a client proves who it is', () => {
  it('by Basic and by POST, also with ":" and "%" in the secret; a wrong one is 401', async () => {
    const secret = 'a:b%20c+d&e=f';
    for (const method of ['client_secret_basic', 'client_secret_post']) {
      const app = await client(`secret-${method}`, { client_secret: secret, token_endpoint_auth_method: method });
      const redeemWith = async (given: string) => {
        const grant = {
          grant_type: 'authorization_code',
          code: await app.codeFor(browser),
          redirect_uri: app.redirectUri,
          code_verifier: app.verifier,
        };
        const name = encodeURIComponent(app.clientId);
        return method === 'client_secret_post'
          ? post('/token', { ...grant, client_id: app.clientId, client_secret: given })
          : post('/token', grant, { authorization: `Basic ${btoa(`${name}:${encodeURIComponent(given)}`)}` });
      };
      expect((await redeemWith(secret)).status).toBe(200);
      const refused = await redeemWith(`${secret}x`);
      expect([refused.status, await refused.json()]).toEqual([
        401,
        expect.objectContaining({ error: 'invalid_client' }),
      ]);
    }
  });

  it('by a key of its own, each assertion once (RFC 7523)', async () => {
    const app = await client('keyed', { token_endpoint_auth_method: 'private_key_jwt' });
    const key = await importJWK(app.credentials.private_jwk ?? {}, 'ES256');
    const sign = (signer: Parameters<SignJWT['sign']>[0]) =>
      new SignJWT({ jti: crypto.randomUUID() })
        .setProtectedHeader({ alg: 'ES256' })
        .setIssuer('keyed')
        .setSubject('keyed')
        .setAudience(running.issuer)
        .setIssuedAt()
        .setExpirationTime('1m')
        .sign(signer);
    const redeemWith = async (assertion: string) =>
      post('/token', {
        grant_type: 'authorization_code',
        code: await app.codeFor(browser),
        redirect_uri: app.redirectUri,
        code_verifier: app.verifier,
        client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
        client_assertion: assertion,
      });
    const good = await sign(key);
    expect((await redeemWith(good)).status).toBe(200);
    expect((await redeemWith(good)).status).toBe(401);
    const { privateKey } = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, [
      'sign',
      'verify',
    ]);
    expect((await redeemWith(await sign(privateKey))).status).toBe(401);
  });
});

describe('P50 scripts of a browser app', () => {
  const origin = 'https://spa.example';
  let app: ThirdParty;
  beforeAll(async () => {
    app = await client('spa', { token_endpoint_auth_method: 'none', allowed_origins: [origin] });
    await client('no-spa', { token_endpoint_auth_method: 'none' });
    await vi.waitUntil(async () => (await running.clients.addresses()).scriptOrigins.has(origin));
  });
  const allowedFor = async (path: string, from: string, init: RequestInit = {}) => {
    const answer = await fetch(running.issuer + path, { ...init, headers: { ...init.headers, origin: from } });
    return answer.headers.get('access-control-allow-origin');
  };
  const preflight = { method: 'OPTIONS', headers: { 'access-control-request-method': 'POST' } };
  const redeemFrom = async (from: string, clientId: string) => {
    const body = new URLSearchParams({ grant_type: 'authorization_code', code: 'x', client_id: clientId });
    return allowedFor('/token', from, { method: 'POST', body });
  };

  it('may call from the origins that it is registered with', async () => {
    expect(await allowedFor('/token', origin, preflight)).toBe(origin);
    expect(await redeemFrom(origin, 'spa')).toBe(origin);
    const code = await app.codeFor(browser);
    const answer = await post(
      '/token',
      {
        grant_type: 'authorization_code',
        code,
        client_id: 'spa',
        redirect_uri: app.redirectUri,
        code_verifier: app.verifier,
      },
      { origin },
    );
    const { access_token } = (await answer.json()) as Record<string, string>;
    expect(await allowedFor('/me', origin, { headers: { authorization: `Bearer ${access_token}` } })).toBe(origin);
  });

  it('may not from any other, nor may another client from there', async () => {
    for (const path of ['/token', '/me', '/token/revocation', '/request']) {
      expect(await allowedFor(path, 'https://evil.example', preflight)).toBeNull();
    }
    expect(await redeemFrom('https://evil.example', 'spa')).toBeNull();
    expect(await redeemFrom(origin, 'no-spa')).toBeNull();
    expect(await allowedFor('/.well-known/openid-configuration', 'https://evil.example')).toBe('https://evil.example');
  });
});
