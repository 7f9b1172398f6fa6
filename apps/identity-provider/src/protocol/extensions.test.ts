import { endSessions } from '@gatehouse/accounts';
import { type Browser, createBrowser } from '@gatehouse/test-kit/browser';
import { calculateJwkThumbprint, decodeJwt, exportJWK, generateKeyPair, SignJWT } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { parameterOf } from '../../testing/relying-party.ts';
import { signIn } from '../../testing/sign-in.ts';
import { type RunningProvider, startProvider } from '../../testing/start-provider.ts';
import { type ThirdParty, thirdParty } from '../../testing/third-party.ts';

let running: RunningProvider;
let app: ThirdParty;
let other: ThirdParty;
let browser: Browser;
const login = 'grace.lindqvist';
const grants = ['authorization_code', 'refresh_token', 'client_credentials'];

beforeAll(async () => {
  running = await startProvider();
  app = await thirdParty(running, { client_id: 'library', grant_types: grants }, login);
  other = await thirdParty(running, { client_id: 'museum', grant_types: grants }, login);
});
afterAll(() => running.stop());
beforeEach(async () => {
  browser = createBrowser();
  await signIn(browser, running.issuer, login);
});

type Answer = [status: number, body: Record<string, string>];
const basic = ({ clientId }: ThirdParty) => ({
  authorization: `Basic ${btoa(`${clientId}:${running.db.clientSecret(clientId)}`)}`,
});
const post = async (path: string, body: Record<string, string>, headers: Record<string, string>): Promise<Answer> => {
  const answer = await fetch(running.issuer + path, { method: 'POST', body: new URLSearchParams(body), headers });
  const text = await answer.text();
  return [answer.status, text ? JSON.parse(text) : {}];
};
const redeem = async (scope = 'openid') =>
  (await (await app.redeem(await app.codeFor(browser, { scope }))).json()) as Record<string, string>;
const refresh = (token = '', changes = {}, headers = basic(app)) =>
  post('/token', { grant_type: 'refresh_token', refresh_token: token, ...changes }, headers);
/** So much later that no grace is left to any refresh token. */
const secondsLater = () =>
  running.db.owner.query(
    `UPDATE protocol.state SET consumed_at = consumed_at - interval '11 seconds'
     WHERE model = 'RefreshToken' AND consumed_at IS NOT NULL`,
  );
const me = async (token = '', scheme = 'Bearer', headers = {}) =>
  (await fetch(`${running.issuer}/me`, { headers: { authorization: `${scheme} ${token}`, ...headers } })).status;

describe('refreshing', () => {
  it('P11 P14 rotates, takes a narrower scope, and keeps auth_time', async () => {
    const first = await redeem('openid email profile');
    const [status, second] = await refresh(first.refresh_token, { scope: 'openid email' });
    expect([status, second]).toEqual([200, expect.objectContaining({ scope: 'openid email' })]);
    expect(second.refresh_token).not.toBe(first.refresh_token);
    const [before, after] = [first, second].map(({ id_token = '' }) => decodeJwt(id_token));
    expect(after).toMatchObject({ sub: before?.sub, sid: before?.sid, auth_time: expect.any(Number) });
    expect(after?.auth_time).toBe(before?.auth_time);
    expect((await refresh(second.refresh_token, { scope: 'openid email phone' }))[1].error).toBe('invalid_scope');
  });

  it('S15 F47 C59 used by four at the same moment, on two instances, each gets tokens, and only the newest live on', async () => {
    const twin = await startProvider({ db: running.db, issuer: running.issuer, trustProxy: ['127.0.0.1'] });
    const { refresh_token = '' } = await redeem();
    const grant = { grant_type: 'refresh_token', refresh_token };
    const there = () =>
      fetch(`${twin.issuer}/token`, {
        method: 'POST',
        body: new URLSearchParams(grant),
        headers: { ...basic(app), 'x-forwarded-host': new URL(running.issuer).host },
      }).then(async (answer): Promise<Answer> => [answer.status, (await answer.json()) as Record<string, string>]);
    const answers = await Promise.all([refresh(refresh_token), there(), refresh(refresh_token), there()]);
    expect(answers.map(([status]) => status)).toEqual([200, 200, 200, 200]);
    for (const [, { access_token }] of answers) expect(await me(access_token)).toBe(200);
    const next: number[] = [];
    for (const [, tokens] of answers) next.push((await refresh(tokens.refresh_token))[0]);
    expect(next.sort()).toEqual([200, 400, 400, 400]);
    await twin.stop();
  });

  it('P12 C18 C59 an answer that was lost on the way is given again within seconds; used again later, a token ends the grant', async () => {
    const first = await redeem();
    const [, second] = await refresh(first.refresh_token);
    const [again, anew] = await refresh(first.refresh_token);
    expect(again).toBe(200);
    expect((await refresh(second.refresh_token))[0]).toBe(400);
    const [status, third] = await refresh(anew.refresh_token);
    expect(status).toBe(200);
    await secondsLater();
    expect((await refresh(first.refresh_token))[0]).toBe(400);
    expect((await refresh(third.refresh_token))[1].error).toBe('invalid_grant');
    expect(await me(third.access_token)).toBe(401);
  });

  it('C59 whoever uses a stolen token within those seconds is found out when its owner goes on', async () => {
    const first = await redeem();
    const [, owners] = await refresh(first.refresh_token);
    const [, thiefs] = await refresh(first.refresh_token);
    expect(await me(thiefs.access_token)).toBe(200);
    await secondsLater();
    expect((await refresh(owners.refresh_token))[1].error).toBe('invalid_grant');
    expect((await refresh(thiefs.refresh_token))[1].error).toBe('invalid_grant');
    expect(await me(thiefs.access_token)).toBe(401);
  });

  it('C59 a token counts no longer once its successor was used, and then ends the grant at once', async () => {
    const first = await redeem();
    const [, second] = await refresh(first.refresh_token);
    const [status, third] = await refresh(second.refresh_token);
    expect(status).toBe(200);
    expect((await refresh(first.refresh_token))[1].error).toBe('invalid_grant');
    expect((await refresh(third.refresh_token))[1].error).toBe('invalid_grant');
  });

  it('ends with the session of the person, and is nobody else’s', async () => {
    const { refresh_token, id_token = '' } = await redeem();
    expect((await refresh(refresh_token, {}, basic(other)))[1].error).toBe('invalid_grant');
    await endSessions(
      running.pool,
      { clientId: 'library', sid: String(decodeJwt(id_token).sid) },
      { reason: 'signed_out' },
    );
    expect((await refresh(refresh_token))[1].error).toBe('invalid_grant');
  });
});

describe('P39 introspection', () => {
  const introspect = (token = '', headers: Record<string, string> = basic(app)) =>
    post('/token/introspection', { token }, headers);

  it('tells a client about its own tokens', async () => {
    const { access_token, refresh_token } = await redeem('openid email');
    expect((await introspect(access_token))[1]).toMatchObject({
      active: true,
      client_id: 'library',
      scope: 'openid email',
    });
    expect((await introspect(refresh_token))[1]).toMatchObject({ active: true });
  });

  it('tells nobody about another’s, about none, or without proof of who asks', async () => {
    const { access_token } = await redeem();
    expect(await introspect(access_token, basic(other))).toEqual([200, { active: false }]);
    expect(await introspect('made-up')).toEqual([200, { active: false }]);
    expect((await introspect(access_token, { authorization: `Basic ${btoa('library:wrong')}` }))[0]).toBe(401);
  });
});

describe('P40 revocation (RFC 7009)', () => {
  const revoke = (token = '', headers = basic(app)) => post('/token/revocation', { token }, headers);

  it('of a refresh token ends the grant, with its access tokens', async () => {
    const { access_token, refresh_token } = await redeem();
    expect((await revoke(refresh_token))[0]).toBe(200);
    expect(await me(access_token)).toBe(401);
    expect((await refresh(refresh_token))[1].error).toBe('invalid_grant');
  });

  it('of another client’s token changes nothing', async () => {
    const { access_token } = await redeem();
    await revoke(access_token, basic(other));
    expect(await me(access_token)).toBe(200);
    expect((await revoke('made-up'))[0]).toBe(200);
  });
});

describe('P9 client credentials', () => {
  it('give a client a token of its own, which opens nothing that is a person’s', async () => {
    const [status, tokens] = await post('/token', { grant_type: 'client_credentials' }, basic(app));
    expect([status, Object.keys(tokens).sort()]).toEqual([200, ['access_token', 'expires_in', 'token_type']]);
    expect(await me(tokens.access_token)).toBe(401);
    const resource = 'http://localhost:4002/api';
    const [, refused] = await post('/token', { grant_type: 'client_credentials', resource }, basic(app));
    expect(refused.error).toBe('invalid_target');
  });
});

describe('pushed authorization requests (RFC 9126)', () => {
  const push = (changes: Record<string, string> = {}, headers = basic(app)) =>
    post('/request', { ...Object.fromEntries(new URL(app.authorizationUrl()).searchParams), ...changes }, headers);
  const follow = (clientId: string, request_uri = '') =>
    browser.visit(`${running.issuer}/auth?${new URLSearchParams({ client_id: clientId, request_uri })}`, {
      follow: false,
    });

  it('bring a code, once, to the client that pushed', async () => {
    const [status, pushed] = await push();
    expect([status, pushed]).toEqual([201, { expires_in: 60, request_uri: expect.stringMatching(/^urn:/) }]);
    expect((await follow('museum', pushed.request_uri)).headers.location ?? '').not.toContain('code=');
    const answer = await follow('library', pushed.request_uri);
    expect((await app.redeem(parameterOf(answer, 'code'))).status).toBe(200);
    const again = await follow('library', pushed.request_uri);
    expect(again.headers.location ?? '').not.toContain('code=');
  });

  it('are checked when they are pushed, and demanded where a client is registered so', async () => {
    expect((await push({ redirect_uri: 'https://evil.example' }))[1].error_description).toContain('redirect_uri');
    expect((await push({}, { authorization: `Basic ${btoa('library:wrong')}` }))[0]).toBe(401);
    const strict = await thirdParty(
      running,
      { client_id: 'strict', require_pushed_authorization_requests: true },
      login,
    );
    const answer = await browser.visit(strict.authorizationUrl(), { follow: false });
    expect(`${answer.headers.location} ${answer.body}`).toContain('Pushed+Authorization+Request');
  });
});

describe('DPoP (RFC 9449)', () => {
  it('binds an access token to the client’s key: without a proof by that key it opens nothing', async () => {
    const { publicKey, privateKey } = await generateKeyPair('ES256');
    const jwk = await exportJWK(publicKey);
    const prove = async (htm: string, path: string, token?: string) =>
      new SignJWT({
        jti: crypto.randomUUID(),
        htm,
        htu: running.issuer + path,
        ...(token && {
          ath: Buffer.from(await crypto.subtle.digest('SHA-256', Buffer.from(token))).toString('base64url'),
        }),
      })
        .setProtectedHeader({ alg: 'ES256', typ: 'dpop+jwt', jwk })
        .setIssuedAt()
        .sign(privateKey);
    const code = await app.codeFor(browser, { dpop_jkt: await calculateJwkThumbprint(jwk) });
    const form = { grant_type: 'authorization_code', code, redirect_uri: app.redirectUri, code_verifier: app.verifier };
    expect((await post('/token', form, basic(app)))[1].error).toBe('invalid_grant');
    const proof = await prove('POST', '/token');
    const [status, tokens] = await post('/token', form, { ...basic(app), dpop: proof });
    expect([status, tokens.token_type]).toEqual([200, 'DPoP']);

    const { access_token = '' } = tokens;
    const once = await prove('GET', '/me', access_token);
    expect(await me(access_token, 'DPoP', { dpop: once })).toBe(200);
    expect(await me(access_token, 'DPoP', { dpop: once })).toBe(401);
    expect(await me(access_token)).toBe(401);
  });
});
