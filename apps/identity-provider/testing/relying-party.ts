import { createHash, randomBytes } from 'node:crypto';
import type { Answer, Browser } from '@gatehouse/test-kit/browser';
import type { RunningProvider } from './start-provider.ts';

export interface RelyingParty {
  clientId: string;
  redirectUri: string;
  /** Of PKCE (RFC 7636). */
  verifier: string;
  /** What the app sends a browser to. Given parameters are added or, with `undefined`, left out. */
  authorizationUrl(changes?: Record<string, string | undefined>): string;
  /** Redeems a code as the app would. */
  redeem(code: string, changes?: Record<string, string | undefined>): Promise<Response>;
  /** Follows a signed-in browser to the code. */
  codeFor(browser: Browser, changes?: Record<string, string | undefined>): Promise<string>;
}

const verifier = randomBytes(32).toString('base64url');
const challenge = createHash('sha256').update(verifier).digest('base64url');

/** A first-party app as the seed registers it, without the app. */
export function relyingParty(
  running: Pick<RunningProvider, 'issuer' | 'db'>,
  clientId: string,
  port: number,
  headers: Record<string, string> = {},
): RelyingParty {
  const { issuer, db } = running;
  const redirectUri = `http://localhost:${port}/auth/callback`;

  function authorizationUrl(changes: Record<string, string | undefined> = {}): string {
    const parameters = {
      client_id: clientId,
      response_type: 'code',
      scope: 'openid',
      redirect_uri: redirectUri,
      state: 'the-state',
      nonce: 'the-nonce',
      code_challenge: challenge,
      code_challenge_method: 'S256',
      ...changes,
    };
    return `${issuer}/auth?${new URLSearchParams(present(parameters))}`;
  }

  return {
    clientId,
    redirectUri,
    verifier,
    authorizationUrl,
    redeem(code, changes = {}) {
      const { secret = db.clientSecret(clientId), ...rest } = changes;
      const body = {
        grant_type: 'authorization_code',
        code,
        redirect_uri: redirectUri,
        code_verifier: verifier,
        ...rest,
      };
      return fetch(`${issuer}/token`, {
        method: 'POST',
        headers: { ...headers, authorization: `Basic ${Buffer.from(`${clientId}:${secret}`).toString('base64')}` },
        body: new URLSearchParams(present(body)),
      });
    },
    async codeFor(browser, changes) {
      const answer = await browser.visit(authorizationUrl(changes), { follow: false });
      return parameterOf(answer, 'code');
    },
  };
}

/** A parameter of the address that an answer redirects to. */
export function parameterOf(answer: Answer, name: string): string {
  const { location } = answer.headers;
  const value = location && new URL(location, answer.url).searchParams.get(name);
  if (!value) throw new Error(`no ${name} in ${answer.status} ${location ?? answer.body}`);
  return value;
}

function present(parameters: Record<string, string | undefined>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(parameters).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}
