import { securityHeaders } from '@gatehouse/web';
import type { RequestHandler } from 'express';

/**
 * Strict headers for every page. Signing in and out are forms whose answers redirect to an app, which Chromium only
 * follows to the origins that `form-action` names, so that is all registered apps, as they stand at the moment.
 */
export function pageHeaders(appOrigins: () => Promise<ReadonlySet<string>>): RequestHandler {
  let made: { origins: ReadonlySet<string>; headers: RequestHandler } | undefined;
  return async (req, res, next) => {
    const origins = await appOrigins();
    if (made?.origins !== origins) made = { origins, headers: securityHeaders({ formAction: [...origins] }) };
    await made.headers(req, res, next);
  };
}
