import type { RequestHandler } from 'express';

/**
 * Who may use a route: everybody (`public`), any signed-in person who may open the app (`anyone`),
 * a person with this app role or one of these, or an API client whose bearer token has the scope.
 */
export type Allow<Role extends string = string> = 'public' | 'anyone' | Role | readonly Role[] | { scope: string };

export interface Route<Role extends string = string> {
  method: 'get' | 'post' | 'put' | 'patch' | 'delete';
  /** Express 5 path, e.g. `/claims/:id`. */
  path: string;
  allow: Allow<Role>;
  /** Runs after the guard and before the handler: a multipart parser, for example. */
  before?: RequestHandler[];
  /**
   * Of a `post`: path of the page that has the form, with the same parameters, where that is not this path itself. A
   * form that failed leaves its path in the address, so a GET here leads there.
   */
  form?: string;
  handler: RequestHandler;
}

/**
 * Declares routes with the app's own roles, so that a misspelt role does not compile:
 * `defineRoutes<RoleOf<typeof manifest>>()([{ method: 'get', path: '/', allow: 'anyone', handler }])`.
 */
export const defineRoutes =
  <Role extends string>() =>
  (routes: readonly Route<Role>[]): readonly Route<Role>[] =>
    routes;
