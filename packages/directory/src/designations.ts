import type { Pool, PoolClient } from 'pg';
import { findPerson, type Person } from './people.ts';

export interface Designation {
  appointmentId: string;
  code: string;
  title: string;
  department: string;
  /** Days as YYYY-MM-DD; both are inclusive. */
  startsOn: string;
  endsOn: string | null;
}

/** The designations that a person holds today, the longest held first. */
export async function designationsOf(db: Pool | PoolClient, personId: string): Promise<Designation[]> {
  const { rows } = await db.query<Designation>(
    `SELECT appointment_id AS "appointmentId", code, title, department_name AS department,
            starts_on::text AS "startsOn", ends_on::text AS "endsOn"
     FROM directory.held_designation WHERE person_id = $1 ORDER BY starts_on, title`,
    [personId],
  );
  return rows;
}

/**
 * Who manages a person today: the active holder of the designation that theirs reports to. Where that post is vacant,
 * the next one up the line. With several designations, the longest held decides. `undefined` at the top of the line.
 */
export async function managerOf(db: Pool | PoolClient, personId: string): Promise<Person | undefined> {
  const { rows } = await db.query<{ id: string }>(selectManager('$1::uuid'), [personId]);
  return rows[0] && findPerson(db, rows[0].id);
}

/** Ids of the people whose manager today is this person, as `managerOf` says. */
export async function reportsOf(db: Pool | PoolClient, managerId: string): Promise<string[]> {
  const { rows } = await db.query<{ id: string }>(
    `WITH RECURSIVE below AS (
       SELECT d.id FROM directory.held_designation h JOIN directory.designation d ON d.reports_to_id = h.designation_id
       WHERE h.person_id = $1
       UNION
       SELECT d.id FROM below JOIN directory.designation d ON d.reports_to_id = below.id
     )
     SELECT p.id FROM directory.person p
     CROSS JOIN LATERAL (${selectManager('p.id')}) manager
     WHERE p.status = 'active' AND manager.id = $1
       AND p.id IN (SELECT h.person_id FROM directory.held_designation h JOIN below ON below.id = h.designation_id)`,
    [managerId],
  );
  return rows.map(({ id }) => id);
}

/** The id of the manager of one person, who is named by an SQL expression. */
const selectManager = (person: string) => `
  WITH RECURSIVE line AS (
    (SELECT d.reports_to_id AS id, 1 AS steps
     FROM directory.held_designation h JOIN directory.designation d ON d.id = h.designation_id
     WHERE h.person_id = ${person} ORDER BY h.starts_on, h.title LIMIT 1)
    UNION ALL
    SELECT d.reports_to_id, line.steps + 1
    FROM line JOIN directory.designation d ON d.id = line.id WHERE line.steps < 20
  )
  SELECT holder.id FROM line
  JOIN directory.held_designation h ON h.designation_id = line.id
  JOIN directory.person holder ON holder.id = h.person_id AND holder.status = 'active' AND holder.id <> ${person}
  ORDER BY line.steps, h.starts_on LIMIT 1`;
