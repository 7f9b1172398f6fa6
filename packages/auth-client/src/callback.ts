import { sha256 } from '@gatehouse/encryption';
import type { Request, RequestHandler, Response } from 'express';
import { AuthClientError } from './errors.ts';
import { loginUrl } from './login.ts';
import type { LoginCookies } from './login-cookies.ts';
import type { Grant, Provider } from './openid-client.ts';
import { goTo } from './return-to.ts';
import type { Settings } from './settings.ts';
import { settled } from './settled.ts';
import type { LoginTransaction, SignIn } from './store.ts';

/**
 * GET callback: takes up the login that this browser began, makes the app session under a new id, stores it, and only
 * then sends the person to the page they wanted.
 */
export function callback(settings: Settings, provider: Provider, cookies: LoginCookies): RequestHandler {
  const { store } = settings;

  return async (req, res) => {
    res.set('Cache-Control', 'no-store');
    const state = typeof req.query.state === 'string' ? req.query.state : '';
    const stateHash = sha256(state);
    const isOurs = cookies.knows(req, stateHash);
    const transaction = isOurs ? await store.takeTransaction(stateHash) : undefined;
    if (!transaction) return takeUpAgain(req, res, stateHash, isOurs);
    cookies.forget(res, stateHash);
    const { grant, profile } = await finish(req, state, transaction);
    await settled((done) => req.session.regenerate(done));
    req.session.signIn = signInOf(grant, stateHash, transaction);
    if (profile) req.session.profile = profile;
    await settled((done) => req.session.save(done));
    cookies.countRound(req, res);
    goTo(res, transaction.returnTo);
  };

  /** Whatever goes wrong at the provider, the person can try again and still reach the page they wanted. */
  async function finish(req: Request, state: string, transaction: LoginTransaction) {
    const url = new URL(settings.callbackUrl);
    url.search = new URL(req.originalUrl, settings.baseUrl).search;
    try {
      const grant = await provider.finishLogin(url, state, transaction);
      return { grant, profile: store.knowsPeople ? undefined : await provider.loadProfile(grant) };
    } catch (error) {
      throw error instanceof AuthClientError ? error.withLoginUrl(loginUrl(settings, transaction.returnTo)) : error;
    }
  }

  /** A callback that was used before or never begun here: the back button, a reload, a restored tab, or an attack. */
  function takeUpAgain(req: Request, res: Response, stateHash: Buffer, isOurs: boolean): void {
    if (req.auth) {
      const last = req.session.signIn;
      return goTo(res, last?.stateHash === stateHash.toString('base64url') ? last.returnTo : '/');
    }
    const again = loginUrl(settings, '/');
    const hasBeenHere = isOurs || cookies.hasSession(req);
    if (!hasBeenHere || cookies.isGoingRound(req)) throw new AuthClientError('login_expired', { loginUrl: again });
    cookies.countRound(req, res);
    res.redirect(again);
  }

  function signInOf(grant: Grant, stateHash: Buffer, { returnTo, begunAt }: LoginTransaction): SignIn {
    const { sub, sid, idToken, accessToken } = grant;
    if (sid === undefined && store.knowsPeople) {
      throw new AuthClientError('login_failed', {
        detail: 'the ID token has no sid: is backchannel logout registered?',
      });
    }
    return {
      sub,
      sid: sid ?? '',
      idToken,
      accessToken: settings.resource === undefined ? undefined : accessToken,
      stateHash: stateHash.toString('base64url'),
      returnTo,
      begunAt,
    };
  }
}
