import type { PasswordHasher } from '@gatehouse/accounts';
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

/** Where a change comes from, for the audit. */
export const originOf = (req: Request) => ({ address: req.ip ?? '', requestId: String(req.id) });
