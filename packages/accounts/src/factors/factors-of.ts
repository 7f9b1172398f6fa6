import type { Pool } from 'pg';

/** By what a person signs in. */
export interface Factors {
  /** When the password was set; `null` where there is none. */
  passwordSince: Date | null;
  /** When the authenticator app was added; `null` where there is none. */
  totpSince: Date | null;
  /** Unused ones. */
  recoveryCodes: number;
}

export async function factorsOf(pool: Pool, personId: string): Promise<Factors> {
  const { rows } = await pool.query<Factors>(
    `SELECT (SELECT changed_at FROM credentials.password WHERE person_id = $1) AS "passwordSince",
            (SELECT created_at FROM credentials.totp WHERE person_id = $1) AS "totpSince",
            (SELECT count(*)::int FROM credentials.recovery_code
             WHERE person_id = $1 AND used_at IS NULL) AS "recoveryCodes"`,
    [personId],
  );
  return rows[0] as Factors;
}
