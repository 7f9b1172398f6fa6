import type { PasswordHasher } from '@gatehouse/accounts';
import type { Sealer } from '@gatehouse/encryption';
import type { Postman } from '@gatehouse/mail';
import type { Pool } from 'pg';
import type { KnownDevices } from '../known-devices.ts';
import type { Provider } from '../protocol/index.ts';

export interface InteractionDependencies {
  provider: Provider;
  pool: Pool;
  hasher: PasswordHasher;
  /** Opens the secrets of authenticator apps. */
  sealer: Sealer;
  /** `undefined` where no mail is sent, and so no password reset by mail. */
  post: Postman | undefined;
  /** Makes the challenges that passkeys sign. */
  passkeyKey: string;
  /** Signs the form tokens. */
  csrfKey: string;
  knownDevices: KnownDevices;
  /** Our own origin. */
  issuer: string;
}
