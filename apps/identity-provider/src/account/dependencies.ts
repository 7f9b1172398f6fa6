import type { AccountOwner, PasswordHasher } from '@gatehouse/accounts';
import type { Sealer } from '@gatehouse/encryption';
import type { Postman } from '@gatehouse/mail';
import type { Request } from 'express';
import type { KnownDevices } from '../known-devices.ts';
import type { EndSessionDeps } from '../protocol/index.ts';
import { type SignedIn, signedIn } from '../signed-in.ts';

export interface AccountDependencies extends EndSessionDeps {
  hasher: PasswordHasher;
  /** Seals the secrets of authenticator apps. */
  sealer: Sealer;
  /** Tells people of changes; `undefined` where no mail is sent. */
  post: Postman | undefined;
  /** Our own origin. */
  issuer: string;
  /** Signs the form tokens. */
  csrfKey: string;
  knownDevices: KnownDevices;
}

/** Whose account it is. Every route of the account stands behind `requireSignedIn`. */
export function ownerOf(req: Request): SignedIn {
  const auth = signedIn(req);
  if (!auth) throw new TypeError(`${req.path} is not behind requireSignedIn`);
  return auth;
}

/** Who makes a change to how they sign in. It is refused once something else has secured the account since. */
export function accountOwner(req: Request): AccountOwner {
  const { person, session } = ownerOf(req);
  return { personId: person.id, moment: session.moment };
}

/** Where a change comes from, for the audit. */
export const originOf = (req: Request) => ({ address: req.ip ?? '', requestId: String(req.id) });
