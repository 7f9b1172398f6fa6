import type { Application, IRoute } from 'express';
import { type DeclaredRoute, declarationOf } from './mount-routes.ts';

/** Shared by symbol, so that packages which do not import this one can mark their routers too. */
const INFRASTRUCTURE = Symbol.for('gatehouse.infrastructure');

interface Layer {
  route?: IRoute & { path: string; methods: Record<string, boolean> };
  handle: { stack?: Layer[]; [INFRASTRUCTURE]?: true };
  rawPath?: unknown;
  name: string;
  slash: boolean;
  match(path: string): boolean;
}

/** Marks a router (or a middleware mounted at a path) as plumbing that decides for itself who may use it. */
export function infrastructure<Handler extends object>(handler: Handler): Handler {
  return Object.assign(handler, { [INFRASTRUCTURE]: true });
}

/** Every route that `mountRoutes` made, in the order in which requests meet them. */
export function declaredRoutes(app: Application): DeclaredRoute[] {
  return layersOf(app).flatMap(({ route }) => (route && declarationOf(route)) ?? []);
}

/** The methods of all declared routes that this path meets, in capitals. */
export function methodsAt(app: Application, path: string): string[] {
  const met = layersOf(app).filter((layer) => layer.route && declarationOf(layer.route) && layer.match(path));
  return [
    ...new Set(met.flatMap(({ route }) => Object.keys(route?.methods ?? {}).map((method) => method.toUpperCase()))),
  ];
}

/**
 * Every route that came to be in another way than `mountRoutes` and is not marked as infrastructure,
 * as `GET /path`, with handlers that are mounted at a path of their own. Must be empty: a test of each app says so.
 */
export function undeclaredRoutes(app: Application): string[] {
  return layersOf(app).flatMap(({ route, slash, rawPath, name }) => {
    if (route)
      return declarationOf(route) ? [] : [`${Object.keys(route.methods).join(',').toUpperCase()} ${route.path}`];
    return slash ? [] : [`USE ${String(rawPath)} (${name})`];
  });
}

/**
 * Every path that a form posts to and at which a GET finds nothing, so that a form that failed would leave a dead
 * address. Must be empty: a test of each app says so.
 */
export function deadForms(app: Application): string[] {
  const routes = declaredRoutes(app);
  const pages = new Set(routes.filter(({ method }) => method === 'get').map(({ path }) => path));
  return routes
    .filter(({ method, allow }) => method === 'post' && !(typeof allow === 'object' && 'scope' in allow))
    .filter(({ path, form = path }) => !pages.has(form))
    .map(({ path }) => path);
}

function layersOf(app: Application): Layer[] {
  return flatten(app.router.stack as unknown as Layer[]);
}

function flatten(stack: Layer[]): Layer[] {
  return stack.flatMap((layer) => {
    if (layer.handle[INFRASTRUCTURE]) return [];
    if (!layer.route && layer.handle.stack) return flatten(layer.handle.stack);
    return [layer];
  });
}
