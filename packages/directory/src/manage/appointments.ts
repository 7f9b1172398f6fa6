import { record } from '@gatehouse/audit';
import { inTransaction } from '@gatehouse/prisma/transaction';
import type { Pool, PoolClient } from 'pg';
import type { Change, Day } from './change.ts';
import { DirectoryError } from './errors.ts';

export interface NewAppointment {
  personId: string;
  designationCode: string;
  /** Both inclusive. Default: from today, without end. */
  startsOn?: Day | undefined;
  endsOn?: Day | undefined;
}

/**
 * Appoints a person to a designation. Returns the appointment's id.
 * @throws {DirectoryError} `designation_unknown`, `dates_backwards`, `appointment_overlaps`
 */
export function startAppointment(
  db: Pool | PoolClient,
  appointment: NewAppointment,
  change: Change = {},
): Promise<string> {
  const { personId, designationCode, startsOn, endsOn } = appointment;
  return inTransaction(db, async (tx) => {
    const { rows: known } = await tx.query<{ id: string; from: string; backwards: boolean; overlaps: boolean }>(
      `SELECT d.id, from_day::text AS from, coalesce($4::date < from_day, false) AS backwards,
              EXISTS (SELECT FROM directory.appointment a WHERE a.person_id = $1 AND a.designation_id = d.id
                      AND (a.ends_on IS NULL OR a.ends_on >= from_day) AND ($4::date IS NULL OR a.starts_on <= $4)) AS overlaps
       FROM directory.designation d, coalesce($3::date, directory.today()) AS from_day WHERE d.code = $2`,
      [personId, designationCode, startsOn ?? null, endsOn ?? null],
    );
    const [found] = known;
    if (!found) throw new DirectoryError('designation_unknown', `There is no designation ${designationCode}`);
    if (found.backwards) throw new DirectoryError('dates_backwards', 'The last day comes before the first');
    if (found.overlaps) {
      throw new DirectoryError('appointment_overlaps', 'They hold that designation on some of these days already');
    }
    const { rows } = await tx.query<{ id: string }>(
      `INSERT INTO directory.appointment (person_id, designation_id, starts_on, ends_on)
       VALUES ($1, $2, $3::date, $4::date) RETURNING id`,
      [personId, found.id, found.from, endsOn ?? null],
    );
    const id = rows[0]?.id ?? '';
    const detail = { designationCode, startsOn: found.from, endsOn, id };
    await record(tx, { type: 'appointment.started', subjectPersonId: personId, ...change, detail });
    return id;
  });
}

export interface AppointmentEnd {
  id: string;
  /** The last day. Default yesterday, so what it gave is gone at the next request. */
  endsOn?: Day | undefined;
  /** The last day that was shown to whoever ends it, `null` for none; not compared where it is left out. */
  shownEndsOn?: Day | null | undefined;
}

/**
 * Gives an appointment another last day. One that would end before it began is not kept.
 * @throws {DirectoryError} `appointment_unknown`, `appointment_changed`
 */
export function endAppointment(
  db: Pool | PoolClient,
  { id, endsOn, shownEndsOn }: AppointmentEnd,
  change: Change = {},
): Promise<void> {
  return inTransaction(db, async (tx) => {
    const { rows } = await tx.query<{ personId: string; before: Day | null; endsOn: Day; kept: boolean }>(
      `SELECT person_id AS "personId", ends_on::text AS before, last_day::text AS "endsOn", starts_on <= last_day AS kept
       FROM directory.appointment, coalesce($2::date, directory.today() - 1) AS last_day
       WHERE id = $1 FOR UPDATE OF appointment`,
      [id, endsOn ?? null],
    );
    const [found] = rows;
    if (!found) throw new DirectoryError('appointment_unknown', 'There is no such appointment');
    if (shownEndsOn !== undefined && shownEndsOn !== found.before) {
      throw new DirectoryError('appointment_changed', 'Somebody has changed this appointment meanwhile');
    }
    if (found.kept) await tx.query('UPDATE directory.appointment SET ends_on = $2 WHERE id = $1', [id, found.endsOn]);
    else await tx.query('DELETE FROM directory.appointment WHERE id = $1', [id]);
    const detail = { id, endsOn: found.endsOn, before: found.before, ...(!found.kept && { cancelled: true }) };
    await record(tx, { type: 'appointment.ended', subjectPersonId: found.personId, ...change, detail });
  });
}
