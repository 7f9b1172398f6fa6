import { infrastructure, readStorable } from '@gatehouse/web';
import { type RequestHandler, Router, text } from 'express';
import type Provider from 'oidc-provider';
import { refusal } from '../languages/refusal.ts';
import type { EndSessionDeps } from './end-session/ending.ts';
import { createEndSessionRouter } from './end-session/routes.ts';

const FORM = 'application/x-www-form-urlencoded';

/** Endpoints that servers call. */
const SERVERS =
  /^\/(?:token(?:\/introspection|\/revocation)?|request|device\/auth|me|jwks|\.well-known\/(?:openid-configuration|oauth-authorization-server))$/;

/** Endpoints to which browsers are sent, as far as the library answers them. */
const BROWSERS = /^\/(?:auth|device)(?:\/[\w-]+)?$/;

/**
 * The OpenID Connect endpoints that servers call. They answer in JSON, so they need no headers for pages. Mount before
 * any body parser: the library reads its bodies itself.
 */
export function createServerEndpoints(provider: Provider): Router {
  const router = Router();
  router.use(byLibrary(provider, SERVERS, 'application/json'));
  return infrastructure(router);
}

/** The OpenID Connect endpoints to which browsers are sent. Mount before any body parser. */
export function createBrowserEndpoints(deps: EndSessionDeps): Router {
  const router = Router();
  router.post('/auth', text({ type: FORM, limit: '16kb' }), sameByGet);
  router.get('/auth', shortEnough);
  router.use(createEndSessionRouter(deps));
  router.use(byLibrary(deps.provider, BROWSERS));
  return infrastructure(router);
}

/**
 * The standards allow POST where a browser is sent (OpenID Connect Core 1.0 section 3.1.2.1). From another site a
 * browser sends Lax cookies along only with GET, so the answer is the same request as GET.
 */
const sameByGet: RequestHandler = (req, res) => {
  const query = new URLSearchParams(typeof req.body === 'string' ? req.body : '');
  res.redirect(303, `${req.path}?${query}`);
};

/** Whose bodies are kept: pushed requests, and what devices ask for. */
const KEPT = /^\/(?:request|device\/auth)$/;

/** Characters of all parameters together, names included: they are kept while the person signs in. */
const LONGEST_REQUEST = 4096;

/** @throws HttpError 414 `request_too_long` */
const shortEnough: RequestHandler = (req, _res, next) => {
  const { searchParams } = new URL(req.originalUrl, 'http://provider');
  const length = [...searchParams].flat().reduce((sum, text) => sum + Buffer.byteLength(text), 0);
  if (length > LONGEST_REQUEST) throw refusal(414, 'request_too_long');
  next();
};

/** @param accept in what form errors are answered, whatever the request says */
function byLibrary(provider: Provider, paths: RegExp, accept?: string): RequestHandler {
  const callback = provider.callback();
  return (req, res, next) => {
    if (!paths.test(req.path)) return next();
    if (accept) req.headers.accept = accept;
    res.set('cache-control', 'no-store');
    readStorable(req, KEPT.test(req.path) ? LONGEST_REQUEST : undefined);
    return callback(req, res);
  };
}
