import { factorsOf } from '@gatehouse/accounts';
import type { Request, RequestHandler } from 'express';
import type { Pool } from 'pg';
import { type Acr, accountSignInPath, acrOf, reaches, TWO_FACTOR } from '../protocol/index.ts';
import { type SignedIn, signedIn } from '../signed-in.ts';
import { withContinue } from './continue.ts';
import { ownerOf } from './dependencies.ts';

/** How long after a sign-in sensitive changes are taken without another one, in seconds. */
const recentSeconds = 10 * 60;

/** Whoever is not signed in signs in first and comes back to the page; a form that they sent is not sent again. */
export function requireSignedIn({ issuer }: { issuer: string }): RequestHandler {
  return (req, res, next) => {
    if (signedIn(req)) return next();
    res.redirect(303, accountSignInPath(issuer, { page: pageOf(req) }));
  };
}

interface Guard {
  pool: Pool;
  /** Our own origin. */
  issuer: string;
}

/**
 * What could lock the owner out, or let somebody else in, is only done by whoever has just proved who they are: a
 * browser that was left open is not enough. Whoever has an authenticator app has shown its code; that the device is
 * remembered does not count here.
 */
export function requireRecentSignIn({ pool, issuer }: Guard): RequestHandler {
  return async (req, res, next) => {
    const { person, session } = ownerOf(req);
    const acr = await acrNeeded(pool, person.id);
    const isRecent = Date.now() - +session.authenticatedAt < recentSeconds * 1000;
    if (isRecent && isEnough(session, acr)) return next();
    res.redirect(303, accountSignInPath(issuer, { page: pageOf(req), maxAge: recentSeconds, acr }));
  };
}

/** For a form that itself asks for the password: what else the person has was shown at some time in this session. */
export function requireSecondFactor({ pool, issuer }: Guard): RequestHandler {
  return async (req, res, next) => {
    const { person, session } = ownerOf(req);
    const acr = await acrNeeded(pool, person.id);
    if (isEnough(session, acr)) return next();
    res.redirect(303, accountSignInPath(issuer, { page: pageOf(req), acr }));
  };
}

async function acrNeeded(pool: Pool, personId: string): Promise<Acr | undefined> {
  return (await factorsOf(pool, personId)).totpSince ? TWO_FACTOR : undefined;
}

const isEnough = ({ amr }: SignedIn['session'], acr: Acr | undefined) => !acr || reaches(acrOf(amr), acr);

const pageOf = (req: Request) => (req.method === 'GET' ? withContinue(req.path, req) : '/account');
