import type { Pool } from 'pg';
import type { Proof } from './proof.ts';

/** As long as an authenticator app may take to be found. */
const minutes = 10;

/**
 * Keeps on our side who passed the first step, bound to one interaction: nothing that a form says can change it, and it
 * opens no other interaction.
 */
export async function beginSecondStep(
  pool: Pool,
  interactionUid: string,
  { personId, amr, moment, provedAt }: Proof,
): Promise<void> {
  await pool.query(
    `INSERT INTO credentials.pending_sign_in (interaction_uid, person_id, amr, moment, proved_at, expires_at)
     VALUES ($1, $2, $3, $4, to_timestamp($5), now() + $6 * interval '1 min')
     ON CONFLICT (interaction_uid) DO UPDATE SET
       person_id = EXCLUDED.person_id, amr = EXCLUDED.amr, moment = EXCLUDED.moment, proved_at = EXCLUDED.proved_at,
       expires_at = EXCLUDED.expires_at`,
    [interactionUid, personId, amr, moment, provedAt, minutes],
  );
}

/**
 * What was shown in the first step; `undefined` where nothing was, it took too long, or the account was secured since.
 */
export async function findSecondStep(pool: Pool, interactionUid: string): Promise<Proof | undefined> {
  const { rows } = await pool.query<Proof>(
    `SELECT s.person_id AS "personId", s.amr, s.moment, floor(extract(epoch FROM s.proved_at))::int AS "provedAt"
     FROM credentials.pending_sign_in s
     JOIN directory.person p ON p.id = s.person_id AND p.moment = s.moment AND p.status = 'active'
     WHERE s.interaction_uid = $1 AND s.expires_at > now()`,
    [interactionUid],
  );
  return rows[0];
}

/** Forgets it: the second step is passed, or the person begins anew. */
export async function endSecondStep(pool: Pool, interactionUid: string): Promise<void> {
  await pool.query('DELETE FROM credentials.pending_sign_in WHERE interaction_uid = $1', [interactionUid]);
}
