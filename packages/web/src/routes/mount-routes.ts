import { type IRoute, type RequestHandler, Router } from 'express';
import { requireCsrf } from '../csrf.ts';
import type { Allow, Route } from './route-manifest.ts';

/**
 * Makes the guard for an `allow`: middlewares that refuse whoever is not allowed. auth-client's `routeGuard()` is one.
 */
export type Guard = (allow: Allow) => RequestHandler | RequestHandler[];

export interface DeclaredRoute {
  method: Route['method'];
  path: string;
  allow: Allow;
  form: string | undefined;
}

const declarations = new WeakMap<IRoute, DeclaredRoute>();

/**
 * Turns declared routes into a router; the only way in which a route of an app comes to be.
 * In front of each handler stand, in this order: the guard, the route's own `before`, the CSRF check.
 *
 * @throws TypeError when a route is not public and there is no guard
 */
export function mountRoutes(routes: readonly Route[], options: { guard?: Guard } = {}): Router {
  const router = Router();
  for (const { method, path, allow, before = [], form, handler } of routes) {
    const route = router.route(path);
    declarations.set(route, { method, path, allow, form });
    route[method](...guardsFor(allow, path, options.guard), ...before, requireCsrf(allow), handler);
    if (form !== undefined) route.get(leadTo(form));
  }
  return router;
}

/** To the page with the form, which decides by itself who may see it. */
export function leadTo(form: string): RequestHandler {
  return (req, res) => {
    const path = form.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(String(req.params[name])));
    res.redirect(303, path + new URL(req.originalUrl, 'http://app.invalid').search);
  };
}

function guardsFor(allow: Allow, path: string, guard: Guard | undefined): RequestHandler[] {
  if (allow === 'public') return [];
  if (!guard) throw new TypeError(`${path} is not public, so mountRoutes needs a guard`);
  return [guard(allow)].flat();
}

/** What `mountRoutes` declared for this Express route, if it made it. */
export const declarationOf = (route: IRoute): DeclaredRoute | undefined => declarations.get(route);
