/** Where a change comes from, for the audit. */
export interface Origin {
  /** The app in which it was made. PostgreSQL lets an app name none but itself. */
  clientId?: string | undefined;
  /** Network address of the browser. */
  address?: string | undefined;
  /** The reference that error pages and logs carry. */
  requestId?: string | undefined;
}
