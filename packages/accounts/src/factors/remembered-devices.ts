import { record } from '@gatehouse/audit';
import { randomToken, sha256 } from '@gatehouse/encryption';
import type { Pool, PoolClient } from 'pg';
import type { Origin } from '../origin.ts';
import type { Proof } from '../sign-in/proof.ts';
import { inTransaction } from '../transaction.ts';

/** How long a device is remembered, however often it is used. */
export const rememberedDays = 30;

export interface DeviceToRemember extends Origin, Pick<Proof, 'personId' | 'moment'> {
  /** The browser in words, such as "Firefox on Windows". */
  device: string;
}

/**
 * Remembers the browser of somebody who has just shown their second factor: at their next sign-ins there they are not
 * asked for it. Only the SHA-256 of the token is kept.
 *
 * @returns the token, for the browser to keep
 */
export function rememberDevice(pool: Pool, { personId, moment, device, ...origin }: DeviceToRemember): Promise<string> {
  const token = randomToken();
  return inTransaction(pool, async (tx) => {
    await tx.query(
      `INSERT INTO credentials.remembered_device (token_hash, person_id, moment, device, expires_at)
       VALUES ($1, $2, $3, $4, now() + make_interval(days => $5))`,
      [sha256(token), personId, moment, device, rememberedDays],
    );
    const who = { actorPersonId: personId, subjectPersonId: personId };
    await record(tx, { ...origin, ...who, type: 'device.remembered', detail: { device } });
    return token;
  });
}

/** Whether a browser with this token is remembered for this very person as they are now; if so, it was used now. */
export async function useRememberedDevice(pool: Pool, personId: string, token: string | undefined): Promise<boolean> {
  if (token === undefined) return false;
  const { rowCount } = await pool.query(
    `UPDATE credentials.remembered_device d SET last_used_at = now() FROM directory.person p
     WHERE d.token_hash = $1 AND d.person_id = $2 AND d.expires_at > now() AND p.id = d.person_id AND p.moment = d.moment`,
    [sha256(token), personId],
  );
  return rowCount === 1;
}

export interface RememberedDevice {
  /** In words. */
  device: string;
  createdAt: Date;
  lastUsedAt: Date;
  expiresAt: Date;
}

/** The devices on which a person is not asked for their second factor, the latest used first. */
export async function listRememberedDevices(pool: Pool, personId: string): Promise<RememberedDevice[]> {
  const { rows } = await pool.query<RememberedDevice>(
    `SELECT device, created_at AS "createdAt", last_used_at AS "lastUsedAt", expires_at AS "expiresAt"
     FROM credentials.remembered_device
     WHERE person_id = $1 AND expires_at > now() AND moment = (SELECT moment FROM directory.person WHERE id = $1)
     ORDER BY last_used_at DESC`,
    [personId],
  );
  return rows;
}

/** The person wants to be asked everywhere again. */
export function forgetOwnDevices(pool: Pool, { personId, ...origin }: { personId: string } & Origin): Promise<void> {
  return inTransaction(pool, async (tx) => {
    if ((await forgetDevices(tx, personId)) === 0) return;
    const who = { actorPersonId: personId, subjectPersonId: personId };
    await record(tx, { ...origin, ...who, type: 'devices.forgotten' });
  });
}

/** Part of every change to how a person signs in: what was remembered before it counts no longer. */
export async function forgetDevices(tx: PoolClient, personId: string): Promise<number> {
  const { rowCount } = await tx.query('DELETE FROM credentials.remembered_device WHERE person_id = $1', [personId]);
  return rowCount ?? 0;
}
