import type { Pool } from 'pg';

export interface Appointment {
  id: string;
  title: string;
  department: string;
  /** Days as YYYY-MM-DD; both are inclusive. */
  startsOn: string;
  endsOn: string | null;
  when: 'past' | 'now' | 'to come';
}

/** All appointments of a person: past, present and to come, the latest beginning first. */
export async function appointmentsOf(pool: Pool, personId: string): Promise<Appointment[]> {
  const { rows } = await pool.query<Appointment>(
    `SELECT a.id, d.title, dep.name AS department, a.starts_on::text AS "startsOn", a.ends_on::text AS "endsOn",
            CASE WHEN a.ends_on < directory.today() THEN 'past'
                 WHEN a.starts_on > directory.today() THEN 'to come' ELSE 'now' END AS when
     FROM directory.appointment a
     JOIN directory.designation d ON d.id = a.designation_id
     JOIN directory.department dep ON dep.id = d.department_id
     WHERE a.person_id = $1 ORDER BY a.starts_on DESC, d.title`,
    [personId],
  );
  return rows;
}
