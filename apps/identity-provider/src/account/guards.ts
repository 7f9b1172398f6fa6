import type { RequestHandler } from 'express';
import { accountSignInPath } from '../protocol/index.ts';
import { signedIn } from '../signed-in.ts';

/** Whoever is not signed in signs in first and comes back to the page; a form that they sent is not sent again. */
export function requireSignedIn({ issuer }: { issuer: string }): RequestHandler {
  return (req, res, next) => {
    if (signedIn(req)) return next();
    res.redirect(303, accountSignInPath(issuer, { page: req.method === 'GET' ? req.path : '/account' }));
  };
}
