import type { Pool } from 'pg';

export interface PasskeySummary {
  /** The credential id in base64url. */
  id: string;
  name: string;
  /** It exists on several devices of the owner. */
  synced: boolean;
  createdAt: Date;
  lastUsedAt: Date | null;
}

/** By what a person signs in. */
export interface Factors {
  /** When the password was set; `null` where there is none. */
  passwordSince: Date | null;
  /** When the authenticator app was added; `null` where there is none. */
  totpSince: Date | null;
  /** Unused ones. */
  recoveryCodes: number;
  /** The latest first. */
  passkeys: PasskeySummary[];
}

export async function factorsOf(pool: Pool, personId: string): Promise<Factors> {
  const { rows } = await pool.query<Omit<Factors, 'passkeys'>>(
    `SELECT (SELECT changed_at FROM credentials.password WHERE person_id = $1) AS "passwordSince",
            (SELECT created_at FROM credentials.totp WHERE person_id = $1) AS "totpSince",
            (SELECT count(*)::int FROM credentials.recovery_code
             WHERE person_id = $1 AND used_at IS NULL) AS "recoveryCodes"`,
    [personId],
  );
  return { ...(rows[0] as Omit<Factors, 'passkeys'>), passkeys: await passkeysOf(pool, personId) };
}

async function passkeysOf(pool: Pool, personId: string): Promise<PasskeySummary[]> {
  const { rows } = await pool.query<Omit<PasskeySummary, 'id'> & { id: Buffer }>(
    `SELECT credential_id AS id, name, synced, created_at AS "createdAt", last_used_at AS "lastUsedAt"
     FROM credentials.passkey WHERE person_id = $1 ORDER BY created_at DESC`,
    [personId],
  );
  return rows.map((passkey) => ({ ...passkey, id: passkey.id.toString('base64url') }));
}
