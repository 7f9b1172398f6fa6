import { record, recordRefusal } from '@gatehouse/audit';
import type { AuthenticationResponseJSON } from '@simplewebauthn/server';
import type { Pool } from 'pg';
import { AccountsError } from '../errors.ts';
import type { Origin } from '../origin.ts';
import { type Proof, proofColumns } from '../sign-in/proof.ts';
import { forgetFailures, requireAllowed } from '../sign-in/throttle.ts';
import { rpIdOf } from './relying-party-identity.ts';

/** What the browser is asked for: any passkey that it has for us, unlocked by its owner. */
export const passkeySignInOptions = ({ issuer, challenge }: { issuer: string; challenge: Buffer }) => ({
  challenge: challenge.toString('base64url'),
  rpId: rpIdOf(issuer),
  userVerification: 'required' as const,
  timeout: 5 * 60_000,
});

export interface PasskeyAttempt extends Origin {
  /** What the browser answered, as it came. */
  response: unknown;
  /** The one that was given with the options. */
  challenge: Buffer;
  /** Our own origin. */
  issuer: string;
  /** The browser in words. */
  device?: string | undefined;
}

/**
 * Whose passkey signed this challenge. That is two factors at once: the device, and what unlocks it.
 *
 * @returns with `amr` (RFC 8176): `hwk` where the key never leaves one device, `swk` where it is synced
 * @throws {AccountsError} `throttled`, for the place; `passkey_refused`: unknown, not for this sign-in, locked, copied, or
 *   its person is disabled
 */
export async function authenticatePasskey(
  pool: Pool,
  { response, challenge, issuer, device, ...origin }: PasskeyAttempt,
): Promise<Proof> {
  const attempt = { purpose: 'passkey', address: origin.address };
  await requireAllowed(pool, attempt);
  const passkey = await findPasskey(pool, response);
  try {
    if (!passkey) throw new Error('the passkey is not known');
    await verify(pool, passkey, { response, challenge, issuer });
  } catch (cause) {
    const detail = { reason: 'passkey', device };
    const write = passkey ? record : recordRefusal;
    await write(pool, { ...origin, type: 'sign_in.failed', subjectPersonId: passkey?.personId, detail });
    throw new AccountsError('passkey_refused', 'The passkey was not accepted', { cause });
  }
  await forgetFailures(pool, attempt);
  const { personId, moment, provedAt, synced } = passkey;
  return { personId, amr: [synced ? 'swk' : 'hwk', 'user', 'mfa'], moment, provedAt };
}

interface StoredPasskey extends Omit<Proof, 'amr'> {
  id: Buffer;
  publicKey: Buffer;
  counter: string;
  synced: boolean;
}

async function findPasskey(pool: Pool, response: unknown): Promise<StoredPasskey | undefined> {
  const id: unknown = (response as { id?: unknown } | null | undefined)?.id;
  if (typeof id !== 'string') return undefined;
  const { rows } = await pool.query<StoredPasskey>(
    `SELECT k.credential_id AS id, ${proofColumns}, k.public_key AS "publicKey", k.counter::text, k.synced
     FROM credentials.passkey k JOIN directory.person p ON p.id = k.person_id AND p.status = 'active'
     WHERE k.credential_id = $1`,
    [Buffer.from(id, 'base64url')],
  );
  return rows[0];
}

/**
 * A counter that does not grow is the mark of a copy. The statement decides it, so that two at once cannot both pass.
 */
async function verify(
  pool: Pool,
  { id, personId, publicKey, counter }: StoredPasskey,
  { response, challenge, issuer }: Pick<PasskeyAttempt, 'response' | 'challenge' | 'issuer'>,
): Promise<void> {
  const { verifyAuthenticationResponse } = await import('@simplewebauthn/server');
  const { verified, authenticationInfo } = await verifyAuthenticationResponse({
    response: response as AuthenticationResponseJSON,
    expectedChallenge: challenge.toString('base64url'),
    expectedOrigin: issuer,
    expectedRPID: rpIdOf(issuer),
    credential: { id: id.toString('base64url'), publicKey: new Uint8Array(publicKey), counter: Number(counter) },
    requireUserVerification: true,
  });
  const handle = (response as AuthenticationResponseJSON).response.userHandle;
  if (!verified || (handle && Buffer.from(handle, 'base64url').toString() !== personId)) {
    throw new Error('the signature is not by the passkey of this person');
  }
  const { rowCount } = await pool.query(
    `UPDATE credentials.passkey SET counter = $2, last_used_at = now()
     WHERE credential_id = $1 AND (counter < $2 OR (counter = 0 AND $2 = 0))`,
    [id, authenticationInfo.newCounter],
  );
  if (rowCount === 0) throw new Error('the counter of the passkey did not grow');
}
