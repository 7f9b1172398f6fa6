import { record } from '@gatehouse/audit';
import { lockAdministrators } from '@gatehouse/directory/manage';
import type { Pool, PoolClient } from 'pg';
import { requireRemainingAdministrator } from './administrators.ts';
import { AccountsError } from './errors.ts';
import type { Origin } from './origin.ts';
import { endSessions } from './sessions/end-sessions.ts';
import type { Receipt } from './sessions/receipt.ts';
import { inTransaction } from './transaction.ts';

export interface StatusChange extends Origin {
  personId: string;
  actorPersonId: string;
  /** Why, for the audit. */
  reason?: string | undefined;
}

/**
 * Disables a person: no sign-in, no roles, and every session of theirs ends, in one transaction.
 *
 * @returns what became of the apps that they were signed in to
 * @throws {AccountsError} `own_account`, `last_administrator`, `person_unknown`
 */
export function disablePerson(
  pool: Pool,
  { personId, actorPersonId, reason, ...origin }: StatusChange,
): Promise<Receipt> {
  if (personId === actorPersonId) throw new AccountsError('own_account', 'You cannot disable your own account');
  return inTransaction(pool, async (tx) => {
    await lockAdministrators(tx);
    await setStatus(tx, personId, 'disabled');
    await requireRemainingAdministrator(tx);
    await record(tx, {
      ...origin,
      type: 'person.disabled',
      actorPersonId,
      subjectPersonId: personId,
      detail: { reason },
    });
    return endSessions(tx, { personId }, { ...origin, reason: 'person_disabled', actorPersonId });
  });
}

/** Lets a disabled person sign in again, with the roles that their appointments give them now. Nothing revives. */
export function enablePerson(pool: Pool, { personId, actorPersonId, reason, ...origin }: StatusChange): Promise<void> {
  return inTransaction(pool, async (tx) => {
    await setStatus(tx, personId, 'active');
    await record(tx, {
      ...origin,
      type: 'person.enabled',
      actorPersonId,
      subjectPersonId: personId,
      detail: { reason },
    });
  });
}

async function setStatus(tx: PoolClient, personId: string, status: 'active' | 'disabled'): Promise<void> {
  const { rowCount } = await tx.query(
    `UPDATE directory.person
     SET status = $2::directory.person_status, disabled_at = CASE $2 WHEN 'disabled' THEN now() END
     WHERE id = $1`,
    [personId, status],
  );
  if (rowCount === 0) throw new AccountsError('person_unknown', 'There is no such person');
}
