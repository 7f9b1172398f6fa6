import type { RequestHandler } from 'express';
import { AuthClientError } from './errors.ts';
import type { LoginCookies } from './login-cookies.ts';
import type { Provider } from './openid-client.ts';
import { settled } from './settled.ts';
import { sendSignOutPage } from './sign-out-page.ts';

/**
 * POST logout: ends this app session, then sends the browser to sign out at the provider and thereby everywhere
 * (RP-Initiated Logout 1.0). If the provider cannot be reached the app session has ended nevertheless.
 */
export function logout(provider: Provider, cookies: LoginCookies): RequestHandler {
  return async (req, res) => {
    res.set('Cache-Control', 'no-store');
    const { signIn } = req.session;
    await settled((done) => req.session.destroy(done));
    delete req.auth;
    cookies.forgetSession(res);
    cookies.forgetRounds(res);
    if (!signIn) return res.redirect(303, '/');
    const request = await provider.signOutRequest(signIn.idToken).catch((cause: unknown) => {
      throw new AuthClientError('logout_incomplete', { cause, retryAfter: 10 });
    });
    sendSignOutPage(res, request);
  };
}
