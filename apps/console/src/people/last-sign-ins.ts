import type { Pool } from 'pg';

/** When each of these people last signed in with their password, as the audit has it. */
export async function lastSignIns(pool: Pool, personIds: string[]): Promise<Map<string, Date>> {
  const { rows } = await pool.query<{ personId: string; at: Date }>(
    `SELECT subject_person_id AS "personId", max(at) AS at FROM audit.event
     WHERE subject_person_id = ANY($1::uuid[]) AND type = 'sign_in.succeeded' GROUP BY subject_person_id`,
    [personIds],
  );
  return new Map(rows.map(({ personId, at }) => [personId, at]));
}
