import { record } from '@gatehouse/audit';
import type { Sealer } from '@gatehouse/encryption';
import type { Pool } from 'pg';
import { AccountsError } from '../errors.ts';
import type { Origin } from '../origin.ts';
import { type AccountOwner, lockOwner } from '../sign-in/proof.ts';
import { inTransaction } from '../transaction.ts';
import { normaliseCode } from './normalise-code.ts';
import { replaceRecoveryCodes } from './recovery-codes.ts';
import { forgetDevices } from './remembered-devices.ts';
import { newTotpSecret, totpContext, totpStep, totpUri } from './totp.ts';

export interface TotpSecret {
  /** In base32, to type where no QR code can be read. */
  secret: string;
  /** For the QR code. */
  uri: string;
}

/** A secret for an authenticator app. It counts for nothing until `addTotp` has seen a code made with it. */
export function createTotpSecret(
  { issuer, login }: { issuer: string; login: string },
  secret = newTotpSecret(),
): TotpSecret {
  return { secret, uri: totpUri(secret, issuer, login) };
}

export interface TotpToAdd extends AccountOwner, Origin {
  secret: string;
  /** What the authenticator app shows for the secret now. */
  code: string;
}

/**
 * Makes an authenticator app the second factor of a person, once it shows the right code.
 *
 * @returns the recovery codes that come with it
 * @throws {AccountsError} `code_wrong`; `factor_exists` where the person has one already; `secured_meanwhile`
 */
export async function addTotp(
  { pool, sealer }: { pool: Pool; sealer: Sealer },
  { personId, moment, secret, code, ...origin }: TotpToAdd,
): Promise<string[]> {
  const step = totpStep(secret, normaliseCode(code));
  if (step === undefined) throw new AccountsError('code_wrong', 'That is not the code of this secret');
  return inTransaction(pool, async (tx) => {
    await lockOwner(tx, { personId, moment });
    const { rowCount } = await tx.query(
      `INSERT INTO credentials.totp (person_id, secret, last_step) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING`,
      [personId, sealer.seal(secret, totpContext(personId)), step.toString()],
    );
    if (rowCount === 0) throw new AccountsError('factor_exists', 'The person has an authenticator app already');
    await forgetDevices(tx, personId);
    const who = { actorPersonId: personId, subjectPersonId: personId };
    await record(tx, { ...origin, ...who, type: 'factor.added', detail: { factor: 'totp' } });
    return replaceRecoveryCodes(tx, { personId, ...origin });
  });
}
