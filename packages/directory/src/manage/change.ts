/** Who makes a change; kept in the audit event. Absent where the system does. */
export interface Change {
  actorPersonId?: string | undefined;
  /** The app through which the change is made. */
  clientId?: string | undefined;
  requestId?: string | undefined;
}

/** A day as YYYY-MM-DD in the organisation's time zone. */
export type Day = string;
