import { type Factors, factorsOf } from '@gatehouse/accounts';
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

/** What a change to how somebody signs in asks of whoever makes it, besides being signed in. */
interface Asked {
  /** How strong the sign-in behind it has to be. */
  acr: Acr | undefined;
  /** Seconds since that sign-in, at most. */
  maxAge: number | undefined;
}

/**
 * The one rule for every sensitive change: a factor that the person has, whichever, was shown in a sign-in of the last
 * minutes. A browser that was left open is not enough, a remembered device is not, and whoever has the password alone
 * adds, removes and changes nothing. Only a person without any factor needs just the recent sign-in, and not even that
 * where the form itself asks for the password.
 */
export function proofAskedFor({ totpSince, passkeys }: Factors, formAsksPassword: boolean): Asked {
  const hasFactor = totpSince !== null || passkeys.length > 0;
  if (!hasFactor && formAsksPassword) return { acr: undefined, maxAge: undefined };
  return { acr: hasFactor ? TWO_FACTOR : undefined, maxAge: recentSeconds };
}

/** Whoever has not shown what the change asks for does so, and comes back to the page. */
export function requireProof({ pool, issuer }: Guard, { formAsksPassword = false } = {}): RequestHandler {
  return async (req, res, next) => {
    const { person, session } = ownerOf(req);
    const asked = proofAskedFor(await factorsOf(pool, person.id), formAsksPassword);
    if (satisfies(session, asked)) return next();
    res.redirect(303, accountSignInPath(issuer, { page: pageOf(req), ...asked }));
  };
}

function satisfies({ amr, authenticatedAt }: SignedIn['session'], { acr, maxAge }: Asked): boolean {
  const isRecent = maxAge === undefined || Date.now() - +authenticatedAt < maxAge * 1000;
  return isRecent && (acr === undefined || reaches(acrOf(amr), acr));
}

const pageOf = (req: Request) => (req.method === 'GET' ? withContinue(req.path, req) : '/account');
