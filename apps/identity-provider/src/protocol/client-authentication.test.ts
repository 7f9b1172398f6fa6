import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Browser, createBrowser } from '@gatehouse/test-kit/browser';
import { exportJWK, generateKeyPair, importJWK, type JWK, type JWTHeaderParameters, SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { signIn } from '../../testing/sign-in.ts';
import { type RunningProvider, startProvider } from '../../testing/start-provider.ts';
import { type ThirdParty, thirdParty } from '../../testing/third-party.ts';

const login = 'grace.lindqvist';

let running: RunningProvider;
let browser: Browser;
beforeAll(async () => {
  running = await startProvider();
  browser = createBrowser();
  await signIn(browser, running.issuer, login);
});
afterAll(() => running.stop());

const post = async (body: Record<string, string>, headers: Record<string, string> = {}) => {
  const answer = await fetch(`${running.issuer}/token`, { method: 'POST', body: new URLSearchParams(body), headers });
  return { status: answer.status, ...((await answer.json()) as Record<string, string>) };
};

describe('S17b refreshing', () => {
  it('needs the authentication of the client that got the token, and no other’s', async () => {
    const refreshing = { grant_types: ['authorization_code', 'refresh_token'] };
    const app = await thirdParty(running, { client_id: 'refreshing', ...refreshing }, login);
    await thirdParty(running, { client_id: 'other', ...refreshing }, login);
    const first = (await (await app.redeem(await app.codeFor(browser))).json()) as { refresh_token: string };
    const grant = { grant_type: 'refresh_token', refresh_token: first.refresh_token };
    const basic = (id: string, secret = running.db.clientSecret(id)) => ({
      authorization: `Basic ${btoa(`${id}:${secret}`)}`,
    });

    expect(await post({ ...grant, client_id: 'refreshing' })).toMatchObject({ status: 401, error: 'invalid_client' });
    expect(await post(grant, basic('refreshing', 'wrong'))).toMatchObject({ status: 401, error: 'invalid_client' });
    expect(await post(grant)).toMatchObject({ status: 400, error: 'invalid_request' });
    expect(await post(grant, basic('other'))).toMatchObject({ status: 400, error: 'invalid_grant' });
    expect(await post(grant, basic('refreshing'))).toMatchObject({ status: 200, token_type: 'Bearer' });
  });
});

describe('S92 keys that a client’s assertion names in its header', () => {
  let app: ThirdParty;
  let registered: Awaited<ReturnType<typeof importJWK>>;
  /** Somebody's own key, and the server where they publish it. */
  let theirs: { key: CryptoKey; jwk: JWK };
  let server: Server;
  let asked = 0;

  beforeAll(async () => {
    app = await thirdParty(running, { client_id: 'keyed', token_endpoint_auth_method: 'private_key_jwt' }, login);
    registered = await importJWK(app.credentials.private_jwk ?? {}, 'ES256');
    const { privateKey, publicKey } = await generateKeyPair('ES256', { extractable: true });
    theirs = { key: privateKey, jwk: { ...(await exportJWK(publicKey)), kid: 'theirs', alg: 'ES256' } };
    server = createServer((_req, res) => {
      asked += 1;
      res.end(JSON.stringify({ keys: [theirs.jwk] }));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });

  const headers = (): [string, Partial<JWTHeaderParameters>][] => {
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/keys`;
    return [
      ['jwk', { jwk: theirs.jwk }],
      ['jku', { jku: url, kid: 'theirs' }],
      ['x5u', { x5u: url, kid: 'theirs' }],
    ];
  };

  async function redeemWith(key: Parameters<SignJWT['sign']>[0], header: Partial<JWTHeaderParameters>) {
    const assertion = await new SignJWT({ jti: crypto.randomUUID() })
      .setProtectedHeader({ alg: 'ES256', ...header })
      .setIssuer('keyed')
      .setSubject('keyed')
      .setAudience(running.issuer)
      .setIssuedAt()
      .setExpirationTime('1m')
      .sign(key);
    return post({
      grant_type: 'authorization_code',
      code: await app.codeFor(browser),
      redirect_uri: app.redirectUri,
      code_verifier: app.verifier,
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: assertion,
    });
  }

  it('are not taken, and not fetched', async () => {
    for (const [name, header] of headers()) {
      expect(await redeemWith(theirs.key, header), name).toMatchObject({ status: 401, error: 'invalid_client' });
    }
    expect(asked).toBe(0);
  });

  it('change nothing for the registered key', async () => {
    for (const [name, { kid: _, ...header }] of headers()) {
      expect((await redeemWith(registered, header)).status, name).toBe(200);
    }
    expect(asked).toBe(0);
  });
});
