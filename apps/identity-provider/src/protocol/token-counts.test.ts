import { disablePerson, enablePerson, endSessions } from '@gatehouse/accounts';
import { type Browser, createBrowser } from '@gatehouse/test-kit/browser';
import { decodeJwt, exportJWK, generateKeyPair, SignJWT } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type RelyingParty, relyingParty } from '../../testing/relying-party.ts';
import { signIn } from '../../testing/sign-in.ts';
import { type RunningProvider, startProvider } from '../../testing/start-provider.ts';
import { thirdParty } from '../../testing/third-party.ts';

const login = 'grace.lindqvist';
const HUMAN_RESOURCES_API = 'http://localhost:4002/api';

let running: RunningProvider;
let personId: string;
let administrator: string;
let library: RelyingParty;
let finance: RelyingParty;
let browser: Browser;

interface Tokens {
  access_token: string;
  refresh_token: string;
}
let tokens: Tokens;

beforeAll(async () => {
  running = await startProvider();
  personId = await running.db.personId(login);
  administrator = await running.db.personId('noor.haddad');
  const metadata = { client_id: 'library', scope: 'openid profile email', access: 'everyone' };
  library = await thirdParty(running, { ...metadata, grant_types: ['authorization_code', 'refresh_token'] }, login);
  finance = relyingParty(running, 'finance', 4003);
});
afterAll(() => running.stop());
beforeEach(async () => {
  await running.db.owner.query("UPDATE directory.app SET access = 'everyone' WHERE client_id = 'library'");
  browser = createBrowser();
  await signIn(browser, running.issuer, login);
  const code = await library.codeFor(browser, { scope: 'openid profile email' });
  tokens = (await (await library.redeem(code)).json()) as Tokens;
});

const basic = (clientId: string) =>
  `Basic ${Buffer.from(`${clientId}:${running.db.clientSecret(clientId)}`).toString('base64')}`;
const post = async (path: string, clientId: string, body: Record<string, string>) => {
  const headers = { authorization: basic(clientId) };
  const answer = await fetch(running.issuer + path, { method: 'POST', headers, body: new URLSearchParams(body) });
  return (await answer.json()) as Record<string, unknown>;
};
const introspect = (token: string, clientId = 'library') => post('/token/introspection', clientId, { token });
const refresh = ({ refresh_token }: Tokens) =>
  post('/token', 'library', { grant_type: 'refresh_token', refresh_token });
const me = async ({ access_token }: Tokens) => {
  const answer = await fetch(`${running.issuer}/me`, { headers: { authorization: `Bearer ${access_token}` } });
  return [answer.status, (await answer.json()) as Record<string, unknown>] as const;
};
const owner = (text: string) => running.db.owner.query(text);

/** What a token may be used for, question by question. */
async function answers(): Promise<Record<string, boolean>> {
  const [status] = await me(tokens);
  return {
    userinfo: status === 200,
    introspection: (await introspect(tokens.access_token)).active === true,
    refresh: 'access_token' in (await refresh(tokens)),
  };
}
const registered = (metadata: object) =>
  running.db.owner.query(
    "UPDATE protocol.client_registration SET metadata = metadata || $1::jsonb WHERE client_id = 'library'",
    [metadata],
  );
const all = { userinfo: true, introspection: true, refresh: true };
const none = { userinfo: false, introspection: false, refresh: false };

describe('S106 a token counts no longer than what it rests on', () => {
  it('is good for all of it while nothing changes', async () => expect(await answers()).toEqual(all));

  const changes: [string, () => Promise<unknown>, () => Promise<unknown>][] = [
    [
      'the person may not open the app any more',
      () => owner("UPDATE directory.app SET access = 'rules' WHERE client_id = 'library'"),
      () => owner("UPDATE directory.app SET access = 'everyone' WHERE client_id = 'library'"),
    ],
    [
      'the app asks for a second factor',
      () => owner("UPDATE directory.app SET second_factor_decided = true WHERE client_id = 'library'"),
      () => owner("UPDATE directory.app SET second_factor_decided = NULL WHERE client_id = 'library'"),
    ],
    [
      'the app is registered to need a second factor at least',
      () => registered({ default_acr_values: ['urn:gatehouse:acr:two-factor'] }),
      () => registered({ default_acr_values: [] }),
    ],
    [
      'the sign-in has ended',
      () => endSessions(running.pool, { personId }, { reason: 'ended_elsewhere' }),
      async () => undefined,
    ],
    [
      'the person is disabled',
      () => disablePerson(running.db.owner, { personId, actorPersonId: administrator }),
      () => enablePerson(running.db.owner, { personId, actorPersonId: administrator }),
    ],
  ];
  it.each(changes)('nowhere once %s', async (_, change, back) => {
    await change();
    expect(await answers()).toEqual(none);
    await back();
  });

  it('a scope that is taken from the client is in nothing any more, and the others stay', async () => {
    const scope = (value: string) =>
      owner(`UPDATE protocol.client_registration SET metadata = metadata || '{"scope": "${value}"}'
             WHERE client_id = 'library'`);
    await scope('openid profile');
    await expect.poll(async () => (await me(tokens))[1]).not.toHaveProperty('email');
    expect((await me(tokens))[1]).toHaveProperty('name', 'Grace Lindqvist');
    expect(await introspect(tokens.access_token)).toMatchObject({ active: true, scope: 'openid profile' });
    expect(await introspect(tokens.refresh_token)).toMatchObject({ active: true, scope: 'openid profile' });
    const refreshed = await refresh(tokens);
    expect(refreshed.scope).toBe('openid profile');
    expect((await me(refreshed as unknown as Tokens))[1]).not.toHaveProperty('email');
    await scope('openid profile email');
    await expect.poll(() => introspect(tokens.access_token)).toHaveProperty('scope', 'openid profile email');
  });

  it('a token of the client’s own counts as long as the client may get one', async () => {
    const grants = (...types: string[]) =>
      running.db.owner.query(
        `UPDATE protocol.client_registration SET metadata = metadata || jsonb_build_object('grant_types', $1::jsonb)
         WHERE client_id = 'library'`,
        [JSON.stringify(['authorization_code', 'refresh_token', ...types])],
      );
    await grants('client_credentials');
    const ownToken = () => post('/token', 'library', { grant_type: 'client_credentials' });
    await expect.poll(ownToken).toHaveProperty('access_token');
    const { access_token: token } = await ownToken();
    expect(await introspect(String(token))).toHaveProperty('active', true);
    await grants();
    await expect.poll(() => introspect(String(token))).toEqual({ active: false });
  });
});

describe('C60 what an API is told of the tokens that are for it', () => {
  const tokenForApi = async () => {
    const wishes = { scope: 'openid manager:read', resource: HUMAN_RESOURCES_API };
    const answer = (await (await finance.redeem(await finance.codeFor(browser, wishes))).json()) as Tokens;
    return answer.access_token;
  };

  it('is who they are for, as long as they count', async () => {
    const token = await tokenForApi();
    const { sid } = decodeJwt(token);
    expect(await introspect(token, 'human-resources')).toMatchObject({
      active: true,
      client_id: 'finance',
      sub: personId,
      aud: HUMAN_RESOURCES_API,
      scope: 'manager:read',
      sid,
    });
    expect(await introspect(token, 'finance')).toHaveProperty('active', true);
  });

  it('is nothing to any other client, and nothing of any other token', async () => {
    const token = await tokenForApi();
    expect(await introspect(token, 'service-desk')).toEqual({ active: false });
    expect(await introspect(token, 'library')).toEqual({ active: false });
    expect(await introspect(tokens.access_token, 'human-resources')).toEqual({ active: false });
    expect(await introspect(`${token.slice(0, -4)}AAAA`, 'human-resources')).toEqual({ active: false });
    const unauthenticated = await fetch(`${running.issuer}/token/introspection`, {
      method: 'POST',
      body: new URLSearchParams({ token }),
    });
    expect(unauthenticated.status).toBe(400);
  });

  it('S111 is nothing of one that names a key as no key is named', async () => {
    const [, ...rest] = (await tokenForApi()).split('.');
    const header = { alg: 'ES256', typ: 'at+jwt', kid: '\u0000' };
    const forged = [Buffer.from(JSON.stringify(header)).toString('base64url'), ...rest].join('.');
    expect(await introspect(forged, 'human-resources')).toEqual({ active: false });
  });

  it('S107 is that one which is bound to a key of its holder is no bearer token', async () => {
    expect(await introspect(await tokenForApi(), 'human-resources')).toHaveProperty('token_type', 'Bearer');
    const { publicKey, privateKey } = await generateKeyPair('ES256');
    const proof = await new SignJWT({ jti: crypto.randomUUID(), htm: 'POST', htu: `${running.issuer}/token` })
      .setProtectedHeader({ alg: 'ES256', typ: 'dpop+jwt', jwk: await exportJWK(publicKey) })
      .setIssuedAt()
      .sign(privateKey);
    const wishes = { scope: 'openid manager:read', resource: HUMAN_RESOURCES_API };
    const code = await finance.codeFor(browser, wishes);
    const withProof = relyingParty(running, 'finance', 4003, { dpop: proof });
    const { access_token: token } = (await (await withProof.redeem(code)).json()) as Tokens;
    expect(decodeJwt(token)).toHaveProperty('cnf.jkt');
    expect(await introspect(token, 'human-resources')).toMatchObject({ active: true, token_type: 'DPoP' });
  });

  it('S106 is that they count no longer once the permission is withdrawn', async () => {
    const token = await tokenForApi();
    const { rows } = await owner("DELETE FROM directory.api_permission WHERE client_id = 'finance' RETURNING *");
    expect(await introspect(token, 'human-resources')).toEqual({ active: false });
    for (const { audience, scope, client_id } of rows) {
      await running.db.owner.query(
        'INSERT INTO directory.api_permission (audience, scope, client_id) VALUES ($1, $2, $3)',
        [audience, scope, client_id],
      );
    }
    expect(await introspect(token, 'human-resources')).toHaveProperty('active', true);
  });
});

describe('S108 what a client is registered to need is a floor', () => {
  const TWO_FACTOR = 'urn:gatehouse:acr:two-factor';
  const asked = async (more: Record<string, string>) =>
    (await browser.visit(library.authorizationUrl(more), { follow: false })).headers.location ?? '';
  it.each<Record<string, string>>([{}, { acr_values: 'urn:gatehouse:acr:one-factor' }, { acr_values: 'unknown' }])(
    'of the sign-in’s strength, whatever the address says: %o',
    async (more) => {
      await registered({ default_acr_values: [TWO_FACTOR] });
      await expect.poll(() => asked(more)).toMatch(/\/interaction\//);
      await registered({ default_acr_values: [] });
      await expect.poll(() => asked(more)).toContain('code=');
    },
  );

  it.each<Record<string, string>>([{}, { max_age: '86400' }])('of its age: %o', async (more) => {
    await running.db.owner.query(
      `UPDATE protocol.state SET payload = jsonb_set(payload, '{loginTs}', to_jsonb((payload->>'loginTs')::bigint - 600))
       WHERE model = 'Session' AND account_id = $1 AND ended_at IS NULL`,
      [personId],
    );
    await registered({ default_max_age: 300 });
    await expect.poll(() => asked(more)).toMatch(/\/interaction\//);
    await registered({ default_max_age: 3600 });
    await expect.poll(() => asked(more)).toContain('code=');
  });
});
