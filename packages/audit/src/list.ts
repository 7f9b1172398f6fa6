import type { Pool } from 'pg';
import type { AuditEventType } from './record.ts';

export interface AuditEntry {
  id: string;
  at: Date;
  type: AuditEventType;
  actorPersonId: string | null;
  actorName: string | null;
  subjectPersonId: string | null;
  subjectName: string | null;
  clientId: string | null;
  sessionUid: string | null;
  address: string | null;
  requestId: string | null;
  detail: Record<string, unknown>;
  /** Who wrote it: the client id of the app, or the database login where that is none of an app. */
  recordedBy: string;
}

export interface AuditFilter {
  /** Events that this person did or that happened to them. */
  personId?: string | undefined;
  /** Only events that happened to this person. */
  subjectPersonId?: string | undefined;
  clientId?: string | undefined;
  types?: readonly AuditEventType[] | undefined;
  /** Only events older than this id: the last one of the page before. */
  before?: string | undefined;
  /** Rows at most; 50 by default. */
  limit?: number | undefined;
}

/** The newest events first, with the names of the people in them. */
export async function list(db: Pool, filter: AuditFilter = {}): Promise<AuditEntry[]> {
  const { rows } = await db.query<AuditEntry>(
    `SELECT e.id::text, e.at, e.type, e.actor_person_id AS "actorPersonId", actor.name AS "actorName",
            e.subject_person_id AS "subjectPersonId", subject.name AS "subjectName", e.client_id AS "clientId",
            e.session_uid AS "sessionUid", e.address, e.request_id AS "requestId", e.detail,
            coalesce(recorder.client_id, e.recorded_by) AS "recordedBy"
     FROM audit.event e
     LEFT JOIN directory.person actor ON actor.id = e.actor_person_id
     LEFT JOIN directory.person subject ON subject.id = e.subject_person_id
     LEFT JOIN app_sessions.login recorder ON recorder.name = e.recorded_by
     WHERE ($1::uuid IS NULL OR e.actor_person_id = $1 OR e.subject_person_id = $1)
       AND ($2::text IS NULL OR e.client_id = $2)
       AND ($3::text[] IS NULL OR e.type = ANY($3))
       AND ($4::bigint IS NULL OR e.id < $4)
       AND ($6::uuid IS NULL OR e.subject_person_id = $6)
     ORDER BY e.id DESC
     LIMIT $5`,
    [
      filter.personId ?? null,
      filter.clientId ?? null,
      filter.types ?? null,
      filter.before ?? null,
      filter.limit ?? 50,
      filter.subjectPersonId ?? null,
    ],
  );
  return rows;
}
