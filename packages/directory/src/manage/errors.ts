export type DirectoryErrorCode =
  | 'person_unknown'
  | 'designation_unknown'
  | 'department_unknown'
  /** Of a department or designation. */
  | 'code_taken'
  | 'rule_unknown'
  | 'rule_exists'
  | 'role_unknown'
  | 'appointment_unknown'
  | 'grant_unknown'
  | 'dates_backwards'
  /** The person holds that designation on some of the days already. */
  | 'appointment_overlaps'
  /** It has been changed since it was shown. */
  | 'appointment_changed'
  /** Nobody changes their own rights. */
  | 'own_rights'
  /** Somebody has to be able to give rights. */
  | 'last_administrator';

export class DirectoryError extends Error {
  override name = 'DirectoryError';
  readonly code: DirectoryErrorCode;

  constructor(code: DirectoryErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
