import { type Browser, createBrowser } from '@gatehouse/test-kit/browser';
import { createRemoteJWKSet, decodeJwt, type JWTPayload, jwtVerify } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AppElsewhere, startAppElsewhere } from '../../testing/elsewhere.ts';
import { type RelyingParty, relyingParty } from '../../testing/relying-party.ts';
import { signIn } from '../../testing/sign-in.ts';
import { type RunningProvider, startProvider } from '../../testing/start-provider.ts';

const HUMAN_RESOURCES_API = 'http://localhost:4002/api';

interface Tokens {
  access_token: string;
  id_token: string;
  expires_in: number;
  scope: string;
  refresh_token?: string;
}

let running: RunningProvider;
let browser: Browser;
let finance: RelyingParty;
let library: RelyingParty;
let elsewhere: AppElsewhere;

beforeAll(async () => {
  running = await startProvider();
  elsewhere = await startAppElsewhere(running.db, 'library');
  browser = createBrowser();
  await signIn(browser, running.issuer, 'grace.lindqvist');
  finance = relyingParty(running, 'finance', 4003);
  library = relyingParty(running, 'library', Number(new URL(elsewhere.url).port));
});
afterAll(async () => {
  await running.stop();
  await elsewhere.close();
});

const redeem = async (app: RelyingParty, changes: Record<string, string> = {}): Promise<Tokens> => {
  const response = await app.redeem(await app.codeFor(browser, changes));
  expect(response.status).toBe(200);
  return (await response.json()) as Tokens;
};

const verified = async (token: string, audience: string, typ: string): Promise<JWTPayload> => {
  const keys = createRemoteJWKSet(new URL(`${running.issuer}/jwks`));
  return (await jwtVerify(token, keys, { issuer: running.issuer, audience, typ })).payload;
};

describe('an access token for the API of another app', () => {
  const ask = { scope: 'openid manager:read', resource: HUMAN_RESOURCES_API };

  it('is a JWT for that audience alone, with the sid of the sign-in behind it (RFC 9068)', async () => {
    const tokens = await redeem(finance, ask);
    const claims = await verified(tokens.access_token, HUMAN_RESOURCES_API, 'at+jwt');
    expect(claims).toMatchObject({
      client_id: 'finance',
      scope: 'manager:read',
      sub: await running.db.personId('grace.lindqvist'),
    });
    expect(claims.sid).toBe(decodeJwt(tokens.id_token).sid);
    expect(Object.keys(claims).sort()).toEqual(['aud', 'client_id', 'exp', 'iat', 'iss', 'jti', 'scope', 'sid', 'sub']);
  });

  it('lives as long as the session, because the API asks at each request whether that lives', async () => {
    const { expires_in } = await redeem(finance, ask);
    expect(expires_in).toBeGreaterThan(11.9 * 60 * 60);
    expect(expires_in).toBeLessThanOrEqual(12 * 60 * 60);
  });

  it('opens nothing at the provider itself', async () => {
    const { access_token } = await redeem(finance, ask);
    const answer = await fetch(`${running.issuer}/me`, { headers: { authorization: `Bearer ${access_token}` } });
    expect(answer.status).toBe(401);
  });

  it('is not for a client that the API does not list', async () => {
    const serviceDesk = relyingParty(running, 'service-desk', 4004);
    const answer = await browser.visit(serviceDesk.authorizationUrl(ask), { follow: false });
    expect(answer.headers.location).toContain('error=invalid_target');
  });

  it('S77 is refused at the next request once the permission is withdrawn', async () => {
    await redeem(finance, ask);
    await running.db.owner.query(`DELETE FROM directory.api_permission WHERE client_id = 'finance'`);
    await expect
      .poll(async () => (await browser.visit(finance.authorizationUrl(ask), { follow: false })).headers.location)
      .toContain('error=invalid_target');
    await running.db.owner.query(`INSERT INTO directory.api_permission VALUES ($1, 'manager:read', 'finance')`, [
      HUMAN_RESOURCES_API,
    ]);
    await expect
      .poll(async () => (await browser.visit(finance.authorizationUrl(ask), { follow: false })).headers.location)
      .toContain('code=');
  });
});

describe('what an app learns of a person', () => {
  const me = async (token: string): Promise<[number, Record<string, unknown>]> => {
    const answer = await fetch(`${running.issuer}/me`, { headers: { authorization: `Bearer ${token}` } });
    return [answer.status, (await answer.json()) as Record<string, unknown>];
  };

  it('is who they are, and no more, where it asked for no more', async () => {
    const { id_token, access_token } = await redeem(finance);
    expect(Object.keys(decodeJwt(id_token)).sort()).toEqual(
      ['acr', 'amr', 'aud', 'auth_time', 'exp', 'iat', 'iss', 'nonce', 'sid', 'sub'].filter(
        (claim) => claim in decodeJwt(id_token),
      ),
    );
    expect(await me(access_token)).toEqual([200, { sub: await running.db.personId('grace.lindqvist') }]);
  });

  it('is from userinfo what its scopes say, and of roles only its own', async () => {
    await running.db.owner.query(
      `UPDATE protocol.client_registration SET metadata = metadata || '{"scope": "openid profile email org"}' WHERE client_id IN ('library', 'human-resources')`,
    );
    const humanResources = relyingParty(running, 'human-resources', 4002);
    await expect
      .poll(
        async () =>
          (await browser.visit(library.authorizationUrl({ scope: 'openid org' }), { follow: false })).headers.location,
      )
      .toContain('code=');
    const [, there] = await me((await redeem(library, { scope: 'openid profile email org' })).access_token);
    expect(there).toEqual({
      sub: await running.db.personId('grace.lindqvist'),
      name: 'Grace Lindqvist',
      given_name: 'Grace',
      family_name: 'Lindqvist',
      zoneinfo: 'Europe/London',
      preferred_username: 'grace.lindqvist',
      email: expect.stringContaining('@'),
      email_verified: true,
      departments: ['Finance'],
      designations: ['Head of Finance'],
      roles: [],
    });
    const [, here] = await me((await redeem(humanResources, { scope: 'openid org' })).access_token);
    expect(here.roles).toContain('employee');
    expect(here).not.toHaveProperty('email');
  });

  it('S72 ends for all its tokens when the person is disabled or may no longer open it', async () => {
    const { access_token } = await redeem(finance);
    const id = await running.db.personId('grace.lindqvist');
    await running.db.owner.query(`UPDATE directory.person SET status = 'disabled' WHERE id = $1`, [id]);
    expect((await me(access_token))[0]).toBe(401);
    await running.db.owner.query(`UPDATE directory.person SET status = 'active' WHERE id = $1`, [id]);
    expect((await me(access_token))[0]).toBe(200);
  });
});

describe('a refresh token', () => {
  const refresh = (token: string | undefined, clientId = 'library') =>
    fetch(`${running.issuer}/token`, {
      method: 'POST',
      headers: {
        authorization: `Basic ${Buffer.from(`${clientId}:${running.db.clientSecret(clientId)}`).toString('base64')}`,
      },
      body: new URLSearchParams({ grant_type: 'refresh_token', refresh_token: token ?? '' }),
    });

  it('S63d goes only to clients registered for it, and dies with the session', async () => {
    expect((await redeem(finance)).refresh_token).toBeUndefined();
    await running.db.owner.query(
      `UPDATE protocol.client_registration SET metadata = metadata || '{"grant_types": ["authorization_code", "refresh_token"]}' WHERE client_id = 'library'`,
    );
    await expect.poll(async () => (await redeem(library)).refresh_token).toBeTruthy();
    const { refresh_token, id_token } = await redeem(library);
    expect((await refresh(refresh_token)).status).toBe(200);
    expect((await refresh(refresh_token, 'finance')).status).toBe(400);
    await browser.visit(`${running.issuer}/session/end?id_token_hint=${id_token}`);
    expect(await (await refresh(refresh_token)).json()).toMatchObject({ error: 'invalid_grant' });
  });
});
