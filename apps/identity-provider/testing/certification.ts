import type { Answer, Browser } from '@gatehouse/test-kit/browser';
import { load } from 'cheerio';
import { createRemoteJWKSet, type JWTPayload, jwtVerify } from 'jose';
import { submitSignIn } from './sign-in.ts';
import type { RunningProvider } from './start-provider.ts';
import { THIRD_PARTY_PORT, type ThirdParty, thirdParty } from './third-party.ts';

export type Mode = 'query' | 'form_post';
export const person = 'grace.lindqvist';

/** What came of an authorization request: the answer to the client, or a page for the person. */
export interface Outcome {
  callback: URLSearchParams | undefined;
  page: Answer;
}

export interface Tokens {
  access_token: string;
  id_token: string;
  refresh_token?: string;
  token_type: string;
}

/** The relying party of a certification run: confidential, without PKCE, ID tokens in RS256. */
export interface CertifiedClient extends ThirdParty {
  /** Sends a browser with a request as the suite makes it; changes of `undefined` leave a parameter out. */
  request(browser: Browser, changes?: Record<string, string | undefined>): Promise<Outcome>;
  /** Goes where a page or a redirect leads, until the client has its answer or the person a page. */
  follow(browser: Browser, answer: Answer): Promise<Outcome>;
  /** Signs the person in on the page that the request has led to. */
  signIn(browser: Browser, outcome: Outcome): Promise<Outcome>;
  redeemCode(code: string | null | undefined, changes?: Record<string, string>): Promise<Response>;
  tokens(outcome: Outcome): Promise<Tokens>;
  idToken(tokens: Tokens): Promise<JWTPayload>;
  userinfo(tokens: Tokens, init?: RequestInit): Promise<Response>;
}

/** Registers a client as for certification; the person has consented to everything. */
export async function certify(
  running: RunningProvider,
  clientId: string,
  mode: Mode,
  metadata: Record<string, unknown> = {},
): Promise<CertifiedClient> {
  const { issuer } = running;
  const asWanted = { require_pkce: false, id_token_signed_response_alg: 'RS256', ...metadata };
  const grants = { grant_types: ['authorization_code', 'refresh_token'] };
  const app = await thirdParty(running, { client_id: clientId, ...grants, ...asWanted }, person);
  const authorization = `Basic ${btoa(`${clientId}:${app.credentials.client_secret}`)}`;
  const keys = createRemoteJWKSet(new URL(`${issuer}/jwks`));

  async function follow(browser: Browser, answer: Answer): Promise<Outcome> {
    let page = answer;
    while (page.headers.location) {
      const next = new URL(page.headers.location, page.url);
      if (Number(next.port) === THIRD_PARTY_PORT) return { callback: next.searchParams, page };
      page = await browser.visit(next.href, { follow: false });
    }
    const form = load(page.body)(`form[action="${app.redirectUri}"] input`).toArray();
    const fields = form.map(({ attribs }) => [String(attribs.name), String(attribs.value)]);
    return { callback: fields.length > 0 ? new URLSearchParams(fields) : undefined, page };
  }

  const client: CertifiedClient = {
    ...app,
    follow,
    async request(browser, changes = {}) {
      const without = { code_challenge: undefined, code_challenge_method: undefined };
      const response_mode = mode === 'form_post' ? { response_mode: 'form_post' } : {};
      const url = app.authorizationUrl({ ...without, ...response_mode, ...changes });
      return follow(browser, await browser.visit(url, { follow: false }));
    },
    signIn: async (browser, { page }) => follow(browser, await submitSignIn(browser, page, person)),
    redeemCode(code, changes = {}) {
      const body = { grant_type: 'authorization_code', code: code ?? '', redirect_uri: app.redirectUri, ...changes };
      return fetch(`${issuer}/token`, { method: 'POST', headers: { authorization }, body: new URLSearchParams(body) });
    },
    async tokens({ callback }) {
      const answer = await client.redeemCode(callback?.get('code'));
      if (!answer.ok) throw new Error(`no tokens: ${answer.status} ${await answer.text()} for ${callback}`);
      return (await answer.json()) as Tokens;
    },
    async idToken({ id_token }) {
      return (await jwtVerify(id_token, keys, { issuer, audience: clientId, algorithms: ['RS256'] })).payload;
    },
    userinfo: ({ access_token }, init = {}) =>
      fetch(`${issuer}/me`, { headers: { authorization: `Bearer ${access_token}` }, ...init }),
  };
  return client;
}

/** Lets time pass for everybody who is signed in, as the provider sees it. */
export async function letTimePass({ db }: RunningProvider, seconds: number): Promise<void> {
  await db.owner.query(
    `UPDATE protocol.state
     SET payload = payload || jsonb_build_object('loginTs', (payload->>'loginTs')::int - $1::int)
     WHERE model = 'Session' AND payload ? 'loginTs'`,
    [seconds],
  );
  await db.owner.query(
    `UPDATE protocol.state SET consumed_at = consumed_at - make_interval(secs => $1) WHERE consumed_at IS NOT NULL`,
    [seconds],
  );
}
