import type { RequestHandler } from 'express';
import { methodsAt } from './inspect-routes.ts';

/**
 * Says of every address that a declared route has what it takes (RFC 9110 section 9.3.7). Mount before the routes: the
 * router of each would answer for its own alone.
 */
export function answerOptions(): RequestHandler {
  return (req, res, next) => {
    if (req.method !== 'OPTIONS') return next();
    const methods = methodsAt(req.app, req.path);
    if (methods.length === 0) return next();
    res.set('allow', [...methods, ...(methods.includes('GET') ? ['HEAD'] : []), 'OPTIONS'].sort().join(', '));
    res.status(204).end();
  };
}
