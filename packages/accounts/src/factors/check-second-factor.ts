import { record } from '@gatehouse/audit';
import type { Sealer } from '@gatehouse/encryption';
import type { Pool } from 'pg';
import { AccountsError } from '../errors.ts';
import type { Origin } from '../origin.ts';
import type { KnownDevice } from '../sign-in/known-device.ts';
import { forgetFailures, requireAllowed, type ThrottlePolicy } from '../sign-in/throttle.ts';
import { normaliseCode } from './normalise-code.ts';
import { useRecoveryCode } from './recovery-codes.ts';
import { totpContext, totpStep } from './totp.ts';

export interface SecondFactorAttempt extends Origin {
  personId: string;
  /** Of the authenticator app, or a recovery code. */
  code: string;
  address: string;
  /** The browser in words. */
  device?: string | undefined;
  /** Only a browser in which the person has shown a second factor before. */
  knownDevice?: KnownDevice | undefined;
}

/**
 * Whether somebody who has shown the first factor of a person also has the second. Attempts are counted before they are
 * checked, by person and by address, apart from those with the password. A code is taken once, whichever instance it
 * reaches.
 *
 * @throws {AccountsError} `code_wrong`; `throttled`, with `retryAfter`
 */
export async function checkSecondFactor(
  { pool, sealer, throttle }: { pool: Pool; sealer: Sealer; throttle?: ThrottlePolicy | undefined },
  { personId, code: typed, device, knownDevice, ...origin }: SecondFactorAttempt,
): Promise<void> {
  const attempt = {
    purpose: 'second factor',
    account: personId,
    address: origin.address,
    knownDevice: knownDevice?.(personId),
  };
  const verdict = await requireAllowed(pool, attempt, throttle);

  const who = { actorPersonId: personId, subjectPersonId: personId };
  const code = normaliseCode(typed);
  const isTotp = /^\d{6}$/.test(code);
  const taken = isTotp ? await takeTotp(pool, sealer, personId, code) : await useRecoveryCode(pool, personId, code);
  if (!taken) {
    const detail = { reason: 'second_factor', device };
    await record(pool, { ...origin, ...who, type: 'sign_in.failed', detail });
    if (verdict.waitBegins) await record(pool, { ...origin, ...who, type: 'sign_in.throttled' });
    throw new AccountsError('code_wrong', 'The code is wrong, or it was used already');
  }
  await forgetFailures(pool, attempt);
  if (!isTotp) await record(pool, { ...origin, ...who, type: 'recovery_code.used' });
}

/** Only a later step than the last one is taken, in one statement, so that no code works twice. */
async function takeTotp(pool: Pool, sealer: Sealer, personId: string, code: string): Promise<boolean> {
  const { rows } = await pool.query<{ secret: Buffer }>('SELECT secret FROM credentials.totp WHERE person_id = $1', [
    personId,
  ]);
  if (!rows[0]) return false;
  const step = totpStep(sealer.open(rows[0].secret, totpContext(personId)).toString(), code);
  if (step === undefined) return false;
  const { rowCount } = await pool.query(
    'UPDATE credentials.totp SET last_step = $2 WHERE person_id = $1 AND last_step < $2',
    [personId, step.toString()],
  );
  return rowCount === 1;
}
