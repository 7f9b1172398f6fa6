import { securityHeaders } from '@gatehouse/web';
import type { RequestHandler } from 'express';

/**
 * Strict headers for every page. Signing in and out are forms whose answers redirect to an app, which Chromium only
 * follows to the origins that `form-action` names, so that is all registered addresses, as they stand at the moment.
 */
export function pageHeaders(addresses: () => Promise<{ formTargets: ReadonlySet<string> }>): RequestHandler {
  let made: { formTargets: ReadonlySet<string>; headers: RequestHandler } | undefined;
  return async (req, res, next) => {
    const { formTargets } = await addresses();
    if (made?.formTargets !== formTargets)
      made = { formTargets, headers: securityHeaders({ formAction: [...formTargets], isolated: true }) };
    await made.headers(req, res, next);
  };
}
