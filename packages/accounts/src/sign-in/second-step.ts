import type { Pool } from 'pg';

/** Whoever has passed the first step of a sign-in and owes the second. */
export interface SecondStep {
  personId: string;
  /** How they have proved who they are so far (RFC 8176). */
  amr: string[];
}

/** As long as an authenticator app may take to be found. */
const minutes = 10;

/**
 * Keeps on our side who passed the first step, bound to one interaction: nothing that a form says can change it, and it
 * opens no other interaction.
 */
export async function beginSecondStep(
  pool: Pool,
  interactionUid: string,
  { personId, amr }: SecondStep,
): Promise<void> {
  await pool.query(
    `INSERT INTO credentials.pending_sign_in (interaction_uid, person_id, amr, expires_at)
     VALUES ($1, $2, $3, now() + $4 * interval '1 min')
     ON CONFLICT (interaction_uid) DO UPDATE SET
       person_id = EXCLUDED.person_id, amr = EXCLUDED.amr, expires_at = EXCLUDED.expires_at`,
    [interactionUid, personId, amr, minutes],
  );
}

export async function findSecondStep(pool: Pool, interactionUid: string): Promise<SecondStep | undefined> {
  const { rows } = await pool.query<SecondStep>(
    `SELECT person_id AS "personId", amr FROM credentials.pending_sign_in
     WHERE interaction_uid = $1 AND expires_at > now()`,
    [interactionUid],
  );
  return rows[0];
}

/** Forgets it: the second step is passed, or the person begins anew. */
export async function endSecondStep(pool: Pool, interactionUid: string): Promise<void> {
  await pool.query('DELETE FROM credentials.pending_sign_in WHERE interaction_uid = $1', [interactionUid]);
}
