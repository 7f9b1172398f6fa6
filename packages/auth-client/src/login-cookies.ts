import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { createSealer, deriveKey, EncryptionError } from '@gatehouse/encryption';
import type { CookieOptions, Request, Response } from 'express';
import type { Settings } from './settings.ts';
import type { LoginAttempt } from './store.ts';

/** How long somebody may take to sign in, in seconds. */
export const loginLifetime = 600;
const mostAttempts = 10;
/** Of all attempts together, so that the browser's requests stay within what servers take. */
const mostCharacters = 14_000;
/** Browsers keep no cookie of more than 4,096 bytes, its name included. */
const longestValue = 3_800;
const mostRounds = 5;
const roundMemory = 30;

/**
 * The cookies in which logins live, sealed, in the browser that began them: so nothing is kept here of those that
 * nobody finishes. Several tabs can sign in at once; at most ten attempts are kept, the oldest dropped, and fewer where
 * the pages to come back to have long addresses, which take more than one cookie. And a cookie that counts rounds
 * through the provider that ended without a session, so that a browser that does not keep cookies is told instead of
 * sent round for ever.
 */
export interface LoginCookies {
  remember(req: Request, res: Response, stateHash: Buffer, attempt: LoginAttempt): void;
  /** What this browser began; `undefined` where it did not, or too long ago. */
  attemptOf(req: Request, stateHash: Buffer): LoginAttempt | undefined;
  forget(req: Request, res: Response, stateHash: Buffer): void;
  /** Whether this browser has ever been signed in here and still shows it. */
  hasSession(req: Request): boolean;
  countRound(req: Request, res: Response): void;
  isGoingRound(req: Request): boolean;
  /** For the start of something new: after sign-out, or once somebody has been told. */
  forgetRounds(res: Response): void;
  forgetSession(res: Response): void;
}

export function createLoginCookies({ cookieName, basePath, secure, sessionKey }: Settings): LoginCookies {
  const session: CookieOptions = { httpOnly: true, sameSite: 'lax', secure, path: '/' };
  /** A `__Host-` cookie, which no sibling site can plant, has to have the path `/`. */
  const options: CookieOptions = { ...session, path: secure ? '/' : basePath };
  const rounds = `${cookieName}.rounds`;
  const prefix = `${cookieName}.login-`;
  const nameOf = (stateHash: Buffer) => prefix + stateHash.toString('hex', 0, 8);
  const roundsOf = (req: Request) => Math.max(0, ...valuesOf(req, rounds).map((value) => Number(value) || 0));
  const sealer = createSealer(deriveKey(sessionKey, 'login attempt'));
  const contextOf = (stateHash: Buffer) => `login ${stateHash.toString('hex')}`;

  /** The attempts that the browser shows, the newest first; each may be in parts. */
  function attemptsOf(req: Request): Cookie[][] {
    const ours = cookiesOf(req).filter(([name]) => name.startsWith(prefix));
    const attempts = [...Map.groupBy(ours, ([name]) => name.slice(0, prefix.length + 16)).values()];
    const begunAt = (parts: Cookie[]) => Math.max(...parts.map(([, value]) => Number.parseInt(value, 36) || 0));
    return attempts.sort((a, b) => begunAt(b) - begunAt(a));
  }

  return {
    remember(req, res, stateHash, attempt) {
      const sealed = sealer.seal(deflateRawSync(JSON.stringify(attempt)), contextOf(stateHash)).toString('base64url');
      const parts = sealed.match(new RegExp(`.{1,${longestValue}}`, 'g')) ?? [];
      let room = mostCharacters - sealed.length;
      attemptsOf(req).forEach((earlier, index) => {
        room -= earlier.join().length;
        if (room >= 0 && index < mostAttempts - 1) return;
        for (const [name] of earlier) res.clearCookie(name, options);
      });
      const time = attempt.begunAt.toString(36);
      parts.forEach((part, index) => {
        const name = index === 0 ? nameOf(stateHash) : `${nameOf(stateHash)}-${index}`;
        res.cookie(name, `${time}.${part}`, { ...options, maxAge: loginLifetime * 1000 });
      });
    },
    attemptOf(req, stateHash) {
      const name = nameOf(stateHash);
      const parts = cookiesOf(req).filter(([each]) => each === name || each.startsWith(`${name}-`));
      if (parts.length === 0) return undefined;
      const numbered = parts.sort(([a], [b]) => a.length - b.length || (a < b ? -1 : 1));
      const sealed = numbered.map(([, value]) => value.slice(value.indexOf('.') + 1)).join('');
      try {
        const opened = inflateRawSync(sealer.open(Buffer.from(sealed, 'base64url'), contextOf(stateHash)));
        const attempt = JSON.parse(opened.toString()) as LoginAttempt;
        return attempt.begunAt > Date.now() - loginLifetime * 1000 ? attempt : undefined;
      } catch (error) {
        if (!(error instanceof EncryptionError)) throw error;
        return undefined; // not all of its parts are there, or it was begun under another key
      }
    },
    forget(req, res, stateHash) {
      const name = nameOf(stateHash);
      for (const [each] of cookiesOf(req)) if (each.startsWith(name)) res.clearCookie(each, options);
    },
    hasSession: (req) => valuesOf(req, cookieName).length > 0,
    countRound: (req, res) =>
      void res.cookie(rounds, String(roundsOf(req) + 1), { ...options, maxAge: roundMemory * 1000 }),
    isGoingRound: (req) => roundsOf(req) >= mostRounds,
    forgetRounds: (res) => void res.clearCookie(rounds, options),
    forgetSession: (res) => void res.clearCookie(cookieName, session),
  };
}

type Cookie = [name: string, value: string];

function valuesOf(req: Request, wanted: string): string[] {
  return cookiesOf(req).flatMap(([name, value]) => (name === wanted ? [value] : []));
}

/**
 * Only what HTTP calls white space is taken off (RFC 6265 section 4.2.1): with any other in front, a name is no
 * `__Host-` one to the browser, so that a sibling host may set it.
 */
function cookiesOf(req: Request): Cookie[] {
  return (req.headers.cookie ?? '').split(';').flatMap((pair): Cookie[] => {
    const at = pair.indexOf('=');
    return at < 0 ? [] : [[bare(pair.slice(0, at)), bare(pair.slice(at + 1))]];
  });
}

const bare = (text: string): string => text.replace(/^[ \t]+|[ \t]+$/g, '');
