import type { CookieOptions, Request, Response } from 'express';
import type { Settings } from './settings.ts';

/** How long somebody may take to sign in, in seconds. */
export const loginLifetime = 600;
const mostAttempts = 10;
const mostRounds = 5;
const roundMemory = 30;

/**
 * The cookies that bind logins to the browser that began them: one short-lived cookie per attempt, so that several tabs
 * can sign in at once, at most ten, the oldest dropped. And one that counts rounds through the provider that ended
 * without a session, so that a browser that does not keep cookies is told instead of sent round for ever.
 */
export interface LoginCookies {
  remember(req: Request, res: Response, stateHash: Buffer): void;
  /** Whether this browser began the login. */
  knows(req: Request, stateHash: Buffer): boolean;
  forget(res: Response, stateHash: Buffer): void;
  /** Whether this browser has ever been signed in here and still shows it. */
  hasSession(req: Request): boolean;
  countRound(req: Request, res: Response): void;
  isGoingRound(req: Request): boolean;
  /** For the start of something new: after sign-out, or once somebody has been told. */
  forgetRounds(res: Response): void;
  forgetSession(res: Response): void;
}

export function createLoginCookies({ cookieName, basePath, secure }: Settings): LoginCookies {
  const session: CookieOptions = { httpOnly: true, sameSite: 'lax', secure, path: '/' };
  /** A `__Host-` cookie, which no sibling site can plant, has to have the path `/`. */
  const options: CookieOptions = { ...session, path: secure ? '/' : basePath };
  const attempts = `${cookieName}.login-`;
  const rounds = `${cookieName}.rounds`;
  const attemptName = (stateHash: Buffer) => attempts + stateHash.toString('hex', 0, 8);
  const roundsOf = (req: Request) => Math.max(0, ...valuesOf(req, rounds).map((value) => Number(value) || 0));

  return {
    remember(req, res, stateHash) {
      const begun = cookiesOf(req).filter(([name]) => name.startsWith(attempts));
      begun.sort(([, a], [, b]) => Number.parseInt(b, 36) - Number.parseInt(a, 36));
      for (const [name] of begun.slice(mostAttempts - 1)) res.clearCookie(name, options);
      res.cookie(attemptName(stateHash), Date.now().toString(36), { ...options, maxAge: loginLifetime * 1000 });
    },
    knows: (req, stateHash) => valuesOf(req, attemptName(stateHash)).length > 0,
    forget: (res, stateHash) => void res.clearCookie(attemptName(stateHash), options),
    hasSession: (req) => valuesOf(req, cookieName).length > 0,
    countRound: (req, res) =>
      void res.cookie(rounds, String(roundsOf(req) + 1), { ...options, maxAge: roundMemory * 1000 }),
    isGoingRound: (req) => roundsOf(req) >= mostRounds,
    forgetRounds: (res) => void res.clearCookie(rounds, options),
    forgetSession: (res) => void res.clearCookie(cookieName, session),
  };
}

function valuesOf(req: Request, wanted: string): string[] {
  return cookiesOf(req).flatMap(([name, value]) => (name === wanted ? [value] : []));
}

function cookiesOf(req: Request): [name: string, value: string][] {
  return (req.headers.cookie ?? '').split(';').map((pair) => {
    const [name = '', value = ''] = pair.split('=', 2);
    return [name.trim(), value.trim()];
  });
}
