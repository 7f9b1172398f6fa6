import { sha256 } from '@gatehouse/encryption';
import type { Request, RequestHandler, Response } from 'express';
import { AuthClientError } from './errors.ts';
import { loginUrl } from './login.ts';
import { type LoginCookies, loginLifetime } from './login-cookies.ts';
import { isTakenUpBy } from './navigation.ts';
import type { Grant, Provider } from './openid-client.ts';
import { goTo } from './return-to.ts';
import type { Settings } from './settings.ts';
import { settled } from './settled.ts';
import type { LoginAttempt, SignIn } from './store.ts';

/** How many sign-ins before the latest a session remembers where they led, and in how many characters. */
const mostEarlier = 5;
const mostCharacters = 16_000;

/**
 * GET callback: takes up the login that this browser began, once, before its code is redeemed, makes the app session
 * under a new id, stores it, and only then sends the person to the page they wanted. Requests that no person made take
 * nothing up, and get nothing that a browser would keep.
 */
export function callback(settings: Settings, provider: Provider, cookies: LoginCookies): RequestHandler {
  const { store } = settings;

  return async (req, res) => {
    res.set('Cache-Control', 'no-store');
    if (!isTakenUpBy(req)) return void res.status(req.method === 'HEAD' ? 204 : 503).end();
    const state = typeof req.query.state === 'string' ? req.query.state : '';
    const stateHash = sha256(state);
    const attempt = cookies.attemptOf(req, stateHash);
    if (!attempt || !(await store.takeUpLogin(stateHash, endOf(attempt)))) {
      return takeUpAgain(req, res, stateHash, attempt);
    }
    cookies.forget(req, res, stateHash);
    const { grant, profile } = await finish(req, state, attempt);
    const earlier = earlierOf(req.session.signIn, grant.sub);
    await settled((done) => req.session.regenerate(done));
    req.session.signIn = { ...signInOf(grant, stateHash, attempt), ...(earlier.length > 0 && { earlier }) };
    if (profile) req.session.profile = profile;
    await settled((done) => req.session.save(done));
    cookies.countRound(req, res);
    goTo(res, attempt.returnTo);
  };

  /** Whatever goes wrong at the provider, the person can try again and still reach the page they wanted. */
  async function finish(req: Request, state: string, attempt: LoginAttempt) {
    const url = new URL(settings.callbackUrl);
    url.search = new URL(req.originalUrl, settings.baseUrl).search;
    try {
      const grant = await provider.finishLogin(url, state, attempt);
      return { grant, profile: store.knowsPeople ? undefined : await provider.loadProfile(grant) };
    } catch (error) {
      throw error instanceof AuthClientError ? error.withLoginUrl(loginUrl(settings, attempt.returnTo)) : error;
    }
  }

  /** A callback that was used before or never begun here: the back button, a reload, a restored tab, or an attack. */
  function takeUpAgain(req: Request, res: Response, stateHash: Buffer, attempt: LoginAttempt | undefined): void {
    if (req.auth) {
      const hash = stateHash.toString('base64url');
      const known = knownOf(req.session.signIn).find((each) => each.stateHash === hash);
      return goTo(res, (known ?? attempt)?.returnTo ?? '/');
    }
    const again = loginUrl(settings, attempt?.returnTo ?? '/');
    const hasBeenHere = attempt !== undefined || cookies.hasSession(req);
    if (!hasBeenHere || cookies.isGoingRound(req)) throw new AuthClientError('login_expired', { loginUrl: again });
    cookies.countRound(req, res);
    res.redirect(again);
  }

  function signInOf(grant: Grant, stateHash: Buffer, { returnTo, begunAt }: LoginAttempt): SignIn {
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

/** The sign-ins in this browser whose callbacks may come again, the latest first. */
const knownOf = (signIn: SignIn | undefined) => (signIn ? [signIn, ...(signIn.earlier ?? [])] : []);

/** Of those, what is this person's, few and short enough to be kept in the session. */
function earlierOf(signIn: SignIn | undefined, sub: string): NonNullable<SignIn['earlier']> {
  let room = mostCharacters;
  return knownOf(signIn?.sub === sub ? signIn : undefined)
    .slice(0, mostEarlier)
    .filter(({ returnTo }) => (room -= returnTo.length) >= 0)
    .map(({ stateHash, returnTo }) => ({ stateHash, returnTo }));
}

/** Until when it could be taken up once more. */
const endOf = ({ begunAt }: LoginAttempt) => new Date(begunAt + loginLifetime * 1000);
