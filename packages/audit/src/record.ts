import type { ClientBase, Pool } from 'pg';

/** Every kind of event there is. An app's own events start with `app.` and its name: `app.finance.claim_approved`. */
export type AuditEventType =
  | 'sign_in.succeeded'
  | 'sign_in.failed'
  | 'sign_in.throttled'
  | 'authorization.granted'
  | 'authorization.refused'
  | 'grant.issued'
  | 'grant.revoked'
  | 'session.ended'
  | 'logout.delivered'
  | 'logout.failed'
  | 'person.created'
  | 'person.disabled'
  | 'person.enabled'
  | 'password.set'
  /** Somebody who is signed in did not prove that it is still they. */
  | 'confirmation.failed'
  | 'factor.added'
  | 'factor.removed'
  | 'recovery_codes.made'
  | 'recovery_code.used'
  | 'device.remembered'
  | 'devices.forgotten'
  | 'email.change_requested'
  | 'email.change_cancelled'
  | 'email.changed'
  | 'link.created'
  | 'link.used'
  | 'role.granted'
  | 'role.withdrawn'
  /** An app has given a role up; the rules and grants that it had stand in the detail. */
  | 'role.retired'
  | 'department.created'
  | 'designation.created'
  | 'access_rule.added'
  | 'access_rule.removed'
  | 'appointment.started'
  | 'appointment.ended'
  | 'app.registered'
  /** An administrator decided whether an app or a role needs a second factor. */
  | 'second_factor.decided'
  | 'client.registered'
  | 'client.changed'
  | 'client.secret_rotated'
  | 'client.secret_retired'
  | 'client.removed'
  | 'consent.given'
  | 'consent.declined'
  | 'consent.revoked'
  | 'key.created'
  | 'key.promoted'
  | 'key.retired'
  /** Everything that is stored sealed is sealed with another key. */
  | 'key.resealed'
  | 'provider.error'
  | `app.${string}.${string}`;

export interface AuditEvent {
  type: AuditEventType;
  /** Who did it; absent where the system did. An app may only name a person who has signed in to it. */
  actorPersonId?: string | undefined;
  /** To whom it happened. */
  subjectPersonId?: string | undefined;
  clientId?: string | undefined;
  /** `uid` of the provider session. */
  sessionUid?: string | undefined;
  /** Network address of the browser. */
  address?: string | undefined;
  /** The reference that error pages and logs carry. */
  requestId?: string | undefined;
  /** Anything else worth keeping. Never a secret, a token or a password. */
  detail?: Record<string, unknown> | undefined;
}

/** A client of Prisma in an open transaction: what `$transaction` hands to its callback, whatever the schema. */
interface PrismaTransaction {
  $executeRawUnsafe(sql: string, ...values: unknown[]): Promise<number>;
}

/**
 * Appends one event. Give the client of an open transaction to have the event stand or fall with what it records.
 * The database adds the time and the login that wrote it, and refuses an actor whom that login cannot vouch for.
 */
export async function record(db: Pool | ClientBase | PrismaTransaction, event: AuditEvent): Promise<void> {
  const values = [
    event.type,
    event.actorPersonId ?? null,
    event.subjectPersonId ?? null,
    event.clientId ?? null,
    event.sessionUid ?? null,
    event.address ?? null,
    event.requestId ?? null,
    JSON.stringify(event.detail ?? {}),
  ];
  if ('$executeRawUnsafe' in db) await db.$executeRawUnsafe(insertEvent, ...values);
  else await db.query({ name: 'audit.record', text: insertEvent, values });
}

const insertEvent = `
  INSERT INTO audit.event (type, actor_person_id, subject_person_id, client_id, session_uid, address, request_id, detail)
  VALUES ($1, $2::uuid, $3::uuid, $4, $5, $6, $7, $8::jsonb)`;
