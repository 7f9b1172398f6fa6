import type { Request, RequestHandler, Response } from 'express';
import type { Auth } from './auth.ts';
import { AuthClientError } from './errors.ts';
import { isNavigation, isSafeMethod } from './navigation.ts';
import { requestState } from './request-state.ts';
import { goTo, safeReturnTo } from './return-to.ts';

/** Who may use a route, as the route manifest states it. */
export type Allow<Role extends string = string> = 'public' | 'anyone' | Role | readonly Role[] | { scope: string };

/**
 * Lets in whoever is signed in and may open this app.
 *
 * Somebody signed out is sent to sign in and comes back, if the request is a page load; a script gets 401 with the
 * login URL as JSON; a form that was sent is refused before the handler runs. Whoever lost their access gets 403.
 */
export function requireLogin(): RequestHandler {
  return (req, res, next) => {
    if (!req.auth) return refuseSignedOut(req, res, next);
    next(refusalOf(req.auth));
  };
}

/** Lets in whoever is signed in and has at least one of `roles` in this app, now. Otherwise as `requireLogin`. */
export function requireRole<Role extends string>(...roles: Role[]): RequestHandler {
  return (req, res, next) => {
    if (!req.auth) return refuseSignedOut(req, res, next);
    const held: string[] = req.auth.roles;
    next(refusalOf(req.auth) ?? (roles.some((role) => held.includes(role)) ? undefined : roleMissing(roles)));
  };
}

/**
 * Turns a route's `allow` into its guards, for `mountRoutes` of `@gatehouse/web`.
 *
 * @param bearer makes the guard for routes that take a bearer token; without it such a route cannot be mounted
 */
export function routeGuard({ bearer }: { bearer?: (scope: string) => RequestHandler } = {}) {
  return (allow: Allow): RequestHandler[] => {
    if (allow === 'public') return [];
    if (allow === 'anyone') return [requireLogin()];
    if (typeof allow === 'string') return [requireRole(allow)];
    if (!('scope' in allow)) return [requireRole(...allow)];
    if (!bearer) throw new TypeError(`A route for scope ${allow.scope} needs routeGuard({ bearer })`);
    return [bearer(allow.scope)];
  };
}

function refuseSignedOut(req: Request, res: Response, next: (error?: unknown) => void): void {
  const navigation = isNavigation(req);
  const { loginPath, baseUrl } = requestState(req);
  const page = navigation && isSafeMethod(req) ? req.originalUrl : refererPath(req, baseUrl);
  const loginUrl = `${loginPath}?return_to=${encodeURIComponent(page)}`;
  res.set('Cache-Control', 'no-store');
  if (!navigation) {
    res.status(401).json({ error: 'login_required', login_url: loginUrl });
  } else if (isSafeMethod(req)) {
    goTo(res, loginUrl);
  } else {
    next(new AuthClientError('login_required', { detail: `${req.method} while signed out`, loginUrl }));
  }
}

/** The page that a script or a form was on: where to come back to, because the request itself cannot be repeated. */
function refererPath(req: Request, baseUrl: string): string {
  const referer = req.get('referer') ?? '';
  return referer.startsWith(`${baseUrl}/`) ? (safeReturnTo(referer.slice(baseUrl.length)) ?? '/') : '/';
}

function refusalOf(auth: Auth): AuthClientError | undefined {
  if (auth.mayOpen) return undefined;
  return new AuthClientError('access_withdrawn', { detail: `${auth.person.id} may not open this app` });
}

function roleMissing(neededRoles: readonly string[]): AuthClientError {
  return new AuthClientError('role_required', { neededRoles, detail: `one of ${neededRoles.join(', ')} is needed` });
}
