import { sha256 } from '@gatehouse/encryption';
import type { Request, RequestHandler } from 'express';
import { AuthClientError } from './errors.ts';
import type { LoginCookies } from './login-cookies.ts';
import { type LoginWishes, type Provider, wishNames } from './openid-client.ts';
import { safeReturnTo } from './return-to.ts';
import type { Settings } from './settings.ts';

/** GET login: remembers one attempt and sends the browser to the provider (OpenID Connect Core §3.1.2.1). */
export function login(settings: Settings, provider: Provider, cookies: LoginCookies): RequestHandler {
  return async (req, res) => {
    res.set('Cache-Control', 'no-store');
    if (settings.secure && !req.secure) {
      throw new AuthClientError('proxy_not_trusted', {
        detail: 'https ends at a proxy that TRUST_PROXY does not name',
      });
    }
    const returnTo = pageOf(req.query.return_to, settings.basePath);
    if (!req.auth && cookies.isGoingRound(req)) {
      cookies.forgetRounds(res);
      throw new AuthClientError('login_loop', { loginUrl: loginUrl(settings, returnTo) });
    }
    const { url, state, nonce, codeVerifier } = await provider
      .beginLogin(wishesOf(req), returnTo)
      .catch((error: unknown) => {
        throw error instanceof AuthClientError ? error.withLoginUrl(loginUrl(settings, returnTo)) : error;
      });
    const stateHash = sha256(state);
    cookies.remember(req, res, stateHash, { nonce, codeVerifier, returnTo, begunAt: Date.now() });
    res.redirect(url.href);
  };
}

/** Local path that begins a login which comes back to `returnTo`. */
export function loginUrl({ loginPath }: Pick<Settings, 'loginPath'>, returnTo: string): string {
  return `${loginPath}?return_to=${encodeURIComponent(returnTo)}`;
}

/** The page to come back to; the front page instead of one that is unsafe or part of signing in. */
function pageOf(candidate: unknown, basePath: string): string {
  const page = safeReturnTo(candidate) ?? '/';
  return new URL(page, 'http://app.invalid').pathname.startsWith(`${basePath}/`) ? '/' : page;
}

function wishesOf({ query }: Request): LoginWishes {
  const wishes = wishNames.map((name) => [name, query[name]] as const);
  return Object.fromEntries(wishes.filter(([, value]) => typeof value === 'string'));
}
