import type { Request, RequestHandler } from 'express';
import { accountSignInPath } from '../protocol/index.ts';
import { signedIn } from '../signed-in.ts';

/** How long after a sign-in sensitive changes are taken without another one, in seconds. */
const recentSeconds = 10 * 60;

/** Whoever is not signed in signs in first and comes back to the page; a form that they sent is not sent again. */
export function requireSignedIn({ issuer }: { issuer: string }): RequestHandler {
  return (req, res, next) => {
    if (signedIn(req)) return next();
    res.redirect(303, accountSignInPath(issuer, { page: pageOf(req) }));
  };
}

/**
 * What could lock the owner out, or let somebody else in, is only done by whoever has just proved who they are: a
 * browser that was left open is not enough.
 */
export function requireRecentSignIn({ issuer }: { issuer: string }): RequestHandler {
  return (req, res, next) => {
    const auth = signedIn(req);
    if (auth && Date.now() - +auth.session.authenticatedAt < recentSeconds * 1000) return next();
    res.redirect(303, accountSignInPath(issuer, { page: pageOf(req), maxAge: recentSeconds }));
  };
}

const pageOf = (req: Request) => (req.method === 'GET' ? req.path : '/account');
