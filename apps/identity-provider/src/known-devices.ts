import type { KnownDevice, Proof } from '@gatehouse/accounts';
import { createSealer, deriveKey, randomToken } from '@gatehouse/encryption';
import type { Request, Response } from 'express';
import { z } from 'zod';
import { readCookie } from './read-cookie.ts';

const lifetime = 180 * 24 * 60 * 60 * 1000;

/** Of the people who share a browser, the last so many are known in it. */
const MOST_PEOPLE = 8;

/** What one browser knows of one person: an id that nobody else has, and whether they showed a second factor here. */
const entries = z.array(z.object({ person: z.string(), id: z.string(), factor: z.boolean() }));

export interface KnownDevices {
  /** Asks for the id of this browser, where the person has signed in in it. */
  of(req: Request): KnownDevice;
  /**
   * The same, only where they showed a second factor in it: who has a password alone makes no device known for that.
   */
  withFactorOf(req: Request): KnownDevice;
  /** Remembers that somebody has signed in in this browser, with nothing owed any more. */
  remember(req: Request, res: Response, proof: Pick<Proof, 'personId' | 'amr'>): void;
}

/**
 * Browsers in which a person signed in before are throttled apart from strangers, so that nobody can slow the person
 * down by failing on purpose. The cookie proves nothing else: it neither signs in nor skips the password.
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
  // A sibling host can set no `__Host-` cookie, and so cannot make anybody a stranger.
  const name = secure ? '__Host-known_device' : 'known_device';
  const context = 'known device of people';

  function read(req: Request): z.output<typeof entries> {
    const sealed = readCookie(req, name);
    if (sealed === undefined) return [];
    try {
      return entries.parse(JSON.parse(sealer.open(Buffer.from(sealed, 'base64url'), context).toString()));
    } catch {
      return []; // made with a key that has been replaced, or not by us
    }
  }

  return {
    of: (req) => (personId) => read(req).find(({ person }) => person === personId)?.id,
    withFactorOf: (req) => (personId) => read(req).find(({ person, factor }) => factor && person === personId)?.id,
    remember(req, res, { personId, amr }) {
      const known = read(req);
      const { id = randomToken(16), factor = false } = known.find(({ person }) => person === personId) ?? {};
      const others = known.filter(({ person }) => person !== personId);
      const latest = { person: personId, id, factor: factor || amr.includes('mfa') };
      const sealed = sealer.seal(JSON.stringify([latest, ...others].slice(0, MOST_PEOPLE)), context);
      const options = { path: '/', httpOnly: true, sameSite: 'lax', secure, maxAge: lifetime } as const;
      res.cookie(name, sealed.toString('base64url'), options);
    },
  };
}
