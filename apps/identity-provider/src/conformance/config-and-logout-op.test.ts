/**
 * Our own run of the profiles Config OP, RP-Initiated Logout OP and Back-Channel Logout OP. As in basic-op.test.ts, a
 * title begins with the name of the module in the Foundation's suite.
 */
import { once } from 'node:events';
import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import { type Answer, type Browser, createBrowser } from '@gatehouse/test-kit/browser';
import { load } from 'cheerio';
import { createRemoteJWKSet, jwtVerify } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type CertifiedClient, certify, type Tokens } from '../../testing/certification.ts';
import { titleOf } from '../../testing/pages.ts';
import { type RunningProvider, startProvider } from '../../testing/start-provider.ts';
import { THIRD_PARTY_PORT } from '../../testing/third-party.ts';

const back = `http://localhost:${THIRD_PARTY_PORT}/signed-out`;
let running: RunningProvider;
let client: CertifiedClient;
let browser: Browser;
let metadata: Record<string, unknown>;

/** The back-channel logout endpoint of the client: at its own origin. */
const logoutTokens: string[] = [];
const listener = createServer((req, res) => {
  void text(req).then((body) => {
    logoutTokens.push(new URLSearchParams(body).get('logout_token') ?? '');
    res.end();
  });
});

beforeAll(async () => {
  running = await startProvider();
  await once(listener.listen(THIRD_PARTY_PORT, '127.0.0.1'), 'listening');
  client = await certify(running, 'certified', 'query', {
    post_logout_redirect_uris: [back],
    backchannel_logout_uri: `http://localhost:${THIRD_PARTY_PORT}/backchannel`,
    backchannel_logout_session_required: true,
  });
  metadata = (await (await fetch(`${running.issuer}/.well-known/openid-configuration`)).json()) as typeof metadata;
});
afterAll(async () => {
  await running.stop();
  listener.closeAllConnections();
  listener.close();
});
beforeEach(() => {
  browser = createBrowser();
});

const tokens = async (): Promise<Tokens> => client.tokens(await client.signIn(browser, await client.request(browser)));
/** An ID token is taken out of the address first. */
const endSession = async (parameters: Record<string, string> = {}) => {
  const endpoint = String(metadata.end_session_endpoint);
  const answer = await browser.visit(`${endpoint}?${new URLSearchParams(parameters)}`, { follow: false });
  return answer.headers.location === '/session/end' ? browser.visit(endpoint, { follow: false }) : answer;
};
const confirm = (page: Answer) =>
  browser.submit(
    `${running.issuer}/session/end/confirm`,
    { xsrf: String(load(page.body)('[name=xsrf]').val()), logout: 'yes' },
    { follow: false },
  );
const silently = async () => (await client.request(browser, { prompt: 'none' })).callback;
const isSignedOut = async () => expect((await silently())?.get('error')).toBe('login_required');
const isSignedIn = async () => expect((await silently())?.get('code')).toBeTruthy();

it('oidcc-discovery-endpoint-verification the metadata is complete, true and usable', async () => {
  expect(metadata.issuer).toBe(running.issuer);
  for (const name of ['authorization_endpoint', 'token_endpoint', 'userinfo_endpoint', 'jwks_uri']) {
    expect(String(metadata[name])).toMatch(new RegExp(`^${running.issuer}/`));
  }
  expect(metadata.scopes_supported).toContain('openid');
  expect(metadata.response_types_supported).toContain('code');
  expect(metadata.id_token_signing_alg_values_supported).toContain('RS256');
  expect(metadata.subject_types_supported).toEqual(['public']);
  expect(metadata.claims_supported).toEqual(expect.arrayContaining(['sub', 'name', 'email']));
  const { keys } = (await (await fetch(String(metadata.jwks_uri))).json()) as { keys: Record<string, unknown>[] };
  expect(keys.length).toBeGreaterThan(0);
  for (const key of keys) expect(key).not.toHaveProperty('d');
});

describe('RP-Initiated Logout OP', () => {
  it('oidcc-rp-initiated-logout-discovery-endpoint-verification the endpoint is announced', () => {
    expect(metadata.end_session_endpoint).toBe(`${running.issuer}/session/end`);
  });
  it('oidcc-rp-initiated-logout sends back with state, and then nobody is signed in', async () => {
    const { id_token } = await tokens();
    await isSignedIn();
    const question = await endSession({ id_token_hint: id_token, post_logout_redirect_uri: back, state: 'a state' });
    const { headers } = await confirm(question);
    expect(headers.location).toBe(`${back}?state=a+state`);
    await isSignedOut();
  });
  it('oidcc-rp-initiated-logout-no-state sends back without one', async () => {
    const { id_token } = await tokens();
    const answer = await confirm(await endSession({ id_token_hint: id_token, post_logout_redirect_uri: back }));
    expect(answer.headers.location).toBe(back);
  });

  const unsigned = (token: string) => `${btoa('{"alg":"none"}').replaceAll('=', '')}.${token.split('.')[1]}.`;
  const foreign = (token: string) => `${token.slice(0, -8)}AAAAAAAA`;
  const wrong: [string, string, (token: string) => Record<string, string>][] = [
    [
      'bad-post-logout-redirect-uri',
      'an address that is not registered',
      (id_token_hint) => ({ id_token_hint, post_logout_redirect_uri: `${back}/other` }),
    ],
    [
      'query-added-to-post-logout-redirect-uri',
      'a query that is not registered',
      (id_token_hint) => ({ id_token_hint, post_logout_redirect_uri: `${back}?foo=bar` }),
    ],
    [
      'modified-id-token-hint',
      'a hint without a signature',
      (token) => ({ id_token_hint: unsigned(token), post_logout_redirect_uri: back }),
    ],
    [
      'bad-id-token-hint',
      'a hint with another’s signature',
      (token) => ({ id_token_hint: foreign(token), post_logout_redirect_uri: back }),
    ],
  ];
  it.each(wrong)(
    'oidcc-rp-initiated-logout-%s with %s ends in an error, not at the client',
    async (_name, _what, parameters) => {
      const { id_token } = await tokens();
      const answer = await endSession(parameters(id_token));
      expect([answer.status, answer.headers.location]).toEqual([400, undefined]);
      await isSignedIn();
    },
  );
  it('oidcc-rp-initiated-logout-no-id-token-hint asks first', async () => {
    await tokens();
    const answer = await endSession({ post_logout_redirect_uri: back, client_id: 'certified' });
    expect([answer.status, titleOf(answer)]).toEqual([200, 'Sign out?']);
    await isSignedIn();
  });
  const ownPage: [string, (token: string) => Record<string, string>][] = [
    ['no-params', () => ({})],
    ['no-post-logout-redirect-uri', (id_token_hint) => ({ id_token_hint })],
    ['only-state', () => ({ state: 'lonely' })],
  ];
  it.each(ownPage)('oidcc-rp-initiated-logout-%s signs out, on a page of the provider', async (_name, parameters) => {
    const { id_token } = await tokens();
    const answer = await confirm(await endSession(parameters(id_token)));
    expect([answer.status, titleOf(answer)]).toEqual([200, 'You are signed out']);
    await isSignedOut();
  });
});

describe('Back-Channel Logout OP', () => {
  it('oidcc-backchannel-logout-discovery-endpoint-verification it is announced, with sessions', () => {
    expect(metadata).toMatchObject({
      backchannel_logout_supported: true,
      backchannel_logout_session_supported: true,
      end_session_endpoint: expect.any(String),
    });
  });
  it('oidcc-backchannel-rp-initiated-logout posts one valid logout token with sid, sends back, and nobody is signed in', async () => {
    const first = await tokens();
    const { sid, sub } = await client.idToken(first);
    const question = await endSession({ id_token_hint: first.id_token, post_logout_redirect_uri: back });
    expect((await confirm(question)).headers.location).toBe(back);
    const forThis = async () => {
      const keys = createRemoteJWKSet(new URL(`${running.issuer}/jwks`));
      const options = { issuer: running.issuer, audience: 'certified', typ: 'logout+jwt' };
      const all = await Promise.all(logoutTokens.map(async (token) => (await jwtVerify(token, keys, options)).payload));
      return all.filter((claims) => claims.sid === sid);
    };
    await expect.poll(async () => (await forThis()).length, { timeout: 10_000 }).toBe(1);
    const [token] = await forThis();
    expect(token).toMatchObject({
      sub,
      jti: expect.any(String),
      iat: expect.any(Number),
      events: { 'http://schemas.openid.net/event/backchannel-logout': {} },
    });
    expect(token).not.toHaveProperty('nonce');
    await isSignedOut();
  });
});
