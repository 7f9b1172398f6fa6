import { normaliseLogin } from '@gatehouse/accounts';
import { createSealer, deriveKey, randomToken } from '@gatehouse/encryption';
import type { Request, Response } from 'express';
import { readCookie } from '../read-cookie.ts';

const lifetime = 180 * 24 * 60 * 60 * 1000;

export interface KnownDevices {
  /** The id of this browser when somebody signed in with this login here before; nobody else's login gets one. */
  idFor(req: Request, login: string): string | undefined;
  /** Remembers that this login was used successfully in this browser. */
  remember(req: Request, res: Response, login: string): void;
}

/**
 * Browsers in which a person signed in before are throttled apart from strangers, so that nobody can slow down the
 * sign-in of another by failing on purpose. The cookie proves nothing else: it neither signs in nor skips the password.
 *
 * @param secure whether cookies are for https only
 */
export function createKnownDevices({
  encryptionKey,
  secure,
}: {
  encryptionKey: string;
  secure: boolean;
}): KnownDevices {
  const sealer = createSealer(deriveKey(encryptionKey, 'known device'));
  const name = secure ? '__Secure-known_device' : 'known_device';
  const contextOf = (login: string) => `known device of ${normaliseLogin(login)}`;

  function idFor(req: Request, login: string): string | undefined {
    const sealed = readCookie(req, name);
    if (sealed === undefined) return undefined;
    try {
      return sealer.open(Buffer.from(sealed, 'base64url'), contextOf(login)).toString();
    } catch {
      return undefined; // another person's, or made with a key that has been replaced
    }
  }

  return {
    idFor,
    remember(req, res, login) {
      const id = idFor(req, login) ?? randomToken(16);
      const sealed = sealer.seal(id, contextOf(login)).toString('base64url');
      res.cookie(name, sealed, { path: '/interaction', httpOnly: true, sameSite: 'lax', secure, maxAge: lifetime });
    },
  };
}
