import { record } from '@gatehouse/audit';
import { inTransaction } from '@gatehouse/prisma/transaction';
import type { Pool } from 'pg';

/** Who makes the change; kept in the audit event. Absent where the system does. */
export interface Change {
  actorPersonId?: string | undefined;
  /** The app through which the change is made. */
  clientId?: string | undefined;
  requestId?: string | undefined;
}

/** A day as YYYY-MM-DD in the organisation's time zone. */
export type Day = string;

/** Appoints a person to a designation from a day to a day, both inclusive. Returns the appointment's id. */
export async function startAppointment(
  db: Pool,
  appointment: { personId: string; designationCode: string; startsOn?: Day; endsOn?: Day },
  change: Change = {},
): Promise<string> {
  return inTransaction(db, async (tx) => {
    const { rows } = await tx.query<{ id: string }>(
      `INSERT INTO directory.appointment (person_id, designation_id, starts_on, ends_on)
       SELECT $1, d.id, coalesce($3::date, directory.today()), $4::date FROM directory.designation d WHERE d.code = $2
       RETURNING id`,
      [appointment.personId, appointment.designationCode, appointment.startsOn ?? null, appointment.endsOn ?? null],
    );
    const id = rows[0]?.id;
    if (!id) throw new RangeError(`There is no designation ${appointment.designationCode}`);
    await record(tx, {
      type: 'appointment.started',
      subjectPersonId: appointment.personId,
      ...change,
      detail: { ...appointment, id },
    });
    return id;
  });
}

/** Ends an appointment. Its last day is yesterday by default, so what it gave is gone at the next request. */
export async function endAppointment(db: Pool, id: string, endsOn?: Day, change: Change = {}): Promise<void> {
  await inTransaction(db, async (tx) => {
    const { rows } = await tx.query<{ personId: string; endsOn: string }>(
      `UPDATE directory.appointment
       SET ends_on = coalesce($2::date, directory.today() - 1),
           starts_on = least(starts_on, coalesce($2::date, directory.today() - 1))
       WHERE id = $1 RETURNING person_id AS "personId", ends_on::text AS "endsOn"`,
      [id, endsOn ?? null],
    );
    if (!rows[0]) throw new RangeError('There is no such appointment');
    await record(tx, {
      type: 'appointment.ended',
      subjectPersonId: rows[0].personId,
      ...change,
      detail: { id, endsOn: rows[0].endsOn },
    });
  });
}

/**
 * Gives one person a role in an app by name, with the reason, from today until `endsOn` (inclusive). Returns its id.
 */
export async function grantRole(
  db: Pool,
  grant: { personId: string; clientId: string; role: string; reason: string; endsOn?: Day },
  change: Change = {},
): Promise<string> {
  return inTransaction(db, async (tx) => {
    const { rows } = await tx.query<{ id: string }>(
      `INSERT INTO directory.personal_grant (person_id, client_id, role, reason, starts_on, ends_on, granted_by)
       VALUES ($1, $2, $3, $4, directory.today(), $5::date, $6) RETURNING id`,
      [grant.personId, grant.clientId, grant.role, grant.reason, grant.endsOn ?? null, change.actorPersonId ?? null],
    );
    await record(tx, { type: 'role.granted', subjectPersonId: grant.personId, ...change, detail: { ...grant } });
    return rows[0]?.id ?? '';
  });
}

/** Takes a personal grant back; the next request in the app obeys. */
export async function withdrawRole(db: Pool, grantId: string, change: Change = {}): Promise<void> {
  await inTransaction(db, async (tx) => {
    const { rows } = await tx.query<{ personId: string; clientId: string; role: string }>(
      `DELETE FROM directory.personal_grant WHERE id = $1
       RETURNING person_id AS "personId", client_id AS "clientId", role`,
      [grantId],
    );
    if (!rows[0]) throw new RangeError('There is no such grant');
    await record(tx, { type: 'role.withdrawn', subjectPersonId: rows[0].personId, ...change, detail: { ...rows[0] } });
  });
}
