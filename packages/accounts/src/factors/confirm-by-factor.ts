import type { Sealer } from '@gatehouse/encryption';
import type { Pool } from 'pg';
import { AccountsError } from '../errors.ts';
import type { Origin } from '../origin.ts';
import type { KnownDevice } from '../sign-in/known-device.ts';
import { authenticatePasskey } from './authenticate-passkey.ts';
import { checkSecondFactor } from './check-second-factor.ts';
import { factorsOf } from './factors-of.ts';

export interface FactorShown extends Origin {
  address: string;
  /** Of the authenticator app, or a recovery code. */
  code?: string | undefined;
  /** What the browser answered for a passkey, as it came. */
  response?: unknown;
  /** The one that the passkey was to sign. */
  challenge: Buffer;
  /** Our own origin. */
  issuer: string;
  /** The browser in words. */
  device?: string | undefined;
  /** See `SecondFactorAttempt`. */
  knownDevice?: KnownDevice | undefined;
}

/**
 * Whoever changes how somebody signs in without being signed in shows a factor of that person, any that they have. A
 * person who has none is not asked.
 *
 * @throws {AccountsError} `factor_missing`, `code_wrong`, `passkey_refused`, `throttled`
 */
export async function confirmByFactor(
  deps: { pool: Pool; sealer: Sealer },
  personId: string,
  { code, response, challenge, issuer, knownDevice, ...origin }: FactorShown,
): Promise<void> {
  const { totpSince, passkeys } = await factorsOf(deps.pool, personId);
  if (totpSince === null && passkeys.length === 0) return;
  if (response !== undefined && passkeys.length > 0) {
    const owner = await authenticatePasskey(deps.pool, { ...origin, response, challenge, issuer });
    if (owner.personId === personId) return;
    throw new AccountsError('passkey_refused', "The passkey is somebody else's");
  }
  if (!code || totpSince === null) throw new AccountsError('factor_missing', 'The person has a factor to show');
  await checkSecondFactor(deps, { ...origin, personId, code, knownDevice });
}
