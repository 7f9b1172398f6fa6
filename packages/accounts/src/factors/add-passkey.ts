import { record } from '@gatehouse/audit';
import type { RegistrationResponseJSON } from '@simplewebauthn/server';
import type { Pool } from 'pg';
import { AccountsError } from '../errors.ts';
import type { Origin } from '../origin.ts';
import { type AccountOwner, lockOwner } from '../sign-in/proof.ts';
import { inTransaction } from '../transaction.ts';
import { type RelyingPartyIdentity, rpIdOf } from './relying-party-identity.ts';
import { forgetDevices } from './remembered-devices.ts';

/** What the browser is asked for: a passkey that its owner unlocks and that needs no login to be found again. */
export async function passkeyRegistrationOptions(
  pool: Pool,
  { personId, challenge, issuer, title }: { personId: string; challenge: Buffer<ArrayBuffer> } & RelyingPartyIdentity,
) {
  const { generateRegistrationOptions } = await import('@simplewebauthn/server');
  const { rows } = await pool.query<{ login: string; name: string; passkeys: string[] }>(
    `SELECT login, name, ARRAY(SELECT encode(credential_id, 'hex') FROM credentials.passkey WHERE person_id = p.id) AS passkeys
     FROM directory.person p WHERE id = $1`,
    [personId],
  );
  const [person] = rows;
  return generateRegistrationOptions({
    rpName: title,
    rpID: rpIdOf(issuer),
    userName: person?.login ?? '',
    userDisplayName: person?.name ?? '',
    userID: new Uint8Array(Buffer.from(personId)),
    challenge,
    excludeCredentials: (person?.passkeys ?? []).map((id) => ({ id: Buffer.from(id, 'hex').toString('base64url') })),
    authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
    timeout: 5 * 60_000,
  });
}

export interface PasskeyToAdd extends AccountOwner, Origin {
  /** The owner's word for it. */
  name: string;
  /** What the browser answered, as it came. */
  response: unknown;
  /** The one that was given with the options. */
  challenge: Buffer;
  /** Our own origin. */
  issuer: string;
}

/**
 * @throws {AccountsError} `passkey_refused`; `factor_exists` where somebody has this very passkey already;
 * `secured_meanwhile`
 */
export async function addPasskey(
  pool: Pool,
  { personId, moment, name, response, challenge, issuer, ...origin }: PasskeyToAdd,
): Promise<void> {
  const { verifyRegistrationResponse } = await import('@simplewebauthn/server');
  const { verified, registrationInfo } = await verifyRegistrationResponse({
    response: response as RegistrationResponseJSON,
    expectedChallenge: challenge.toString('base64url'),
    expectedOrigin: issuer,
    expectedRPID: rpIdOf(issuer),
    requireUserVerification: true,
  }).catch((cause: unknown) => {
    throw new AccountsError('passkey_refused', 'The browser did not make a passkey for this page', { cause });
  });
  if (!verified) throw new AccountsError('passkey_refused', 'The passkey could not be verified');
  const { credential, credentialDeviceType } = registrationInfo;
  await inTransaction(pool, async (tx) => {
    await lockOwner(tx, { personId, moment });
    const { rowCount } = await tx.query(
      `INSERT INTO credentials.passkey (credential_id, person_id, public_key, counter, transports, name, synced)
       VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING`,
      [
        Buffer.from(credential.id, 'base64url'),
        personId,
        Buffer.from(credential.publicKey),
        credential.counter,
        credential.transports ?? [],
        name,
        credentialDeviceType === 'multiDevice',
      ],
    );
    if (rowCount === 0) throw new AccountsError('factor_exists', 'This passkey is known already');
    await forgetDevices(tx, personId);
    const who = { actorPersonId: personId, subjectPersonId: personId };
    await record(tx, { ...origin, ...who, type: 'factor.added', detail: { factor: 'passkey' } });
  });
}
