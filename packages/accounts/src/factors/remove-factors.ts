import { record } from '@gatehouse/audit';
import type { Pool, PoolClient } from 'pg';
import type { Origin } from '../origin.ts';
import { endSessions } from '../sessions/end-sessions.ts';
import { type AccountOwner, lockOwner } from '../sign-in/proof.ts';
import { inTransaction } from '../transaction.ts';
import { forgetDevices } from './remembered-devices.ts';

export interface FactorRemoval extends Origin {
  personId: string;
  /** Who removes it; absent where the owner of the database does. */
  actorPersonId?: string | undefined;
}

/**
 * A person gives up their authenticator app, and with it the recovery codes.
 * @returns whether there was one
 * @throws {AccountsError} `secured_meanwhile`
 */
export function removeTotp(pool: Pool, { personId, moment, ...origin }: AccountOwner & Origin): Promise<boolean> {
  return inTransaction(pool, async (tx) => {
    await lockOwner(tx, { personId, moment });
    return takeTotpAway(tx, { personId, actorPersonId: personId, ...origin });
  });
}

/**
 * A person gives up one of their passkeys.
 * @param id the credential id in base64url; of another person's passkey nothing comes
 * @returns whether there was one
 * @throws {AccountsError} `secured_meanwhile`
 */
export function removePasskey(
  pool: Pool,
  { id, personId, moment, ...origin }: AccountOwner & Origin & { id: string },
): Promise<boolean> {
  return inTransaction(pool, async (tx) => {
    await lockOwner(tx, { personId, moment });
    return takePasskeysAway(tx, { personId, actorPersonId: personId, ...origin }, Buffer.from(id, 'base64url'));
  });
}

/**
 * Takes every second factor from somebody who has lost them, and ends their sessions: whoever has the phone now may
 * have one too.
 * @returns whether there was any
 */
export function removeFactors(pool: Pool, removal: FactorRemoval): Promise<boolean> {
  return inTransaction(pool, async (tx) => {
    const hadTotp = await takeTotpAway(tx, removal);
    const hadPasskeys = await takePasskeysAway(tx, removal);
    const removed = hadTotp || hadPasskeys;
    if (removed)
      await endSessions(tx, { personId: removal.personId }, { ...endingOf(removal), reason: 'factors_removed' });
    return removed;
  });
}

const endingOf = ({ personId: _, ...who }: FactorRemoval) => who;

async function takeTotpAway(tx: PoolClient, { personId, actorPersonId, ...origin }: FactorRemoval): Promise<boolean> {
  const { rowCount } = await tx.query('DELETE FROM credentials.totp WHERE person_id = $1', [personId]);
  if (rowCount === 0) return false;
  await tx.query('DELETE FROM credentials.recovery_code WHERE person_id = $1', [personId]);
  await forgetDevices(tx, personId);
  const detail = { factor: 'totp' };
  await record(tx, { ...origin, type: 'factor.removed', actorPersonId, subjectPersonId: personId, detail });
  return true;
}

async function takePasskeysAway(
  tx: PoolClient,
  { personId, actorPersonId, ...origin }: FactorRemoval,
  id?: Buffer,
): Promise<boolean> {
  const { rowCount } = await tx.query(
    'DELETE FROM credentials.passkey WHERE person_id = $1 AND ($2::bytea IS NULL OR credential_id = $2)',
    [personId, id ?? null],
  );
  if (rowCount === 0) return false;
  await forgetDevices(tx, personId);
  const detail = { factor: 'passkey' };
  await record(tx, { ...origin, type: 'factor.removed', actorPersonId, subjectPersonId: personId, detail });
  return true;
}
