import express, { type Request, type RequestHandler, Router } from 'express';
import { backchannelLogout } from './backchannel-logout.ts';
import { callback } from './callback.ts';
import { AuthClientError } from './errors.ts';
import { login, loginUrl } from './login.ts';
import { createLoginCookies } from './login-cookies.ts';
import { logout } from './logout.ts';
import { createProvider, type Provider } from './openid-client.ts';
import { appSession } from './session.ts';
import { sessionCheck } from './session-check.ts';
import { type AuthClientOptions, completeSettings, type Settings } from './settings.ts';

export interface AuthClient {
  /** Loads the app session and sets `req.auth`. Mount it before everything that asks who somebody is. */
  session: RequestHandler;
  /** GET login, callback and session, POST logout and backchannel-logout below the base path. Mount after `session`. */
  routes: RequestHandler;
  /**
   * For `/readyz`: whether the store answers. People who are signed in can go on without the provider, so it is not
   * asked.
   */
  ready(): Promise<void>;
  /**
   * The access token for `options.resource`, to be sent from the server only.
   *
   * @throws {AuthClientError} `access_token_missing` when there is none or it has expired
   */
  accessToken(req: Request): string;
}

/** The relying-party half of OpenID Connect for an Express app. Makes no request before it is needed. */
export function authClient(options: AuthClientOptions): AuthClient {
  const settings = completeSettings(options);
  return {
    session: appSession(settings),
    routes: authRoutes(settings, createProvider(settings)),
    ready: () => settings.store.ready(),
    accessToken(req) {
      const token = req.session.signIn?.accessToken;
      if (token && token.expiresAt > Date.now()) return token.value;
      throw new AuthClientError('access_token_missing', { loginUrl: loginUrl(settings, '/') });
    },
  };
}

/** Marks the router as plumbing that guards itself, so that a check of undeclared routes passes over it. */
const infrastructure = Symbol.for('gatehouse.infrastructure');

function authRoutes(settings: Settings, provider: Provider): RequestHandler {
  const { basePath } = settings;
  const cookies = createLoginCookies(settings);
  const form = express.urlencoded({ extended: false, limit: '64kb' });
  const router = Router();
  router.get(`${basePath}/login`, login(settings, provider, cookies));
  router.get(`${basePath}/callback`, callback(settings, provider, cookies));
  router.get(`${basePath}/session`, sessionCheck);
  router.post(`${basePath}/logout`, logout(provider, cookies));
  router.post(`${basePath}/backchannel-logout`, form, backchannelLogout(settings, provider));
  for (const path of ['logout', 'backchannel-logout']) {
    router.all(`${basePath}/${path}`, (_req, res) => void res.status(405).set('Allow', 'POST').end());
  }
  return Object.assign(router, { [infrastructure]: true });
}
