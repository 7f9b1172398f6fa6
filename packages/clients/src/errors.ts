export type ClientsErrorCode =
  | 'metadata_invalid'
  | 'client_exists'
  | 'client_not_found'
  | 'client_is_first_party'
  | 'client_changed'
  | 'client_has_no_secret'
  | 'no_previous_secret';

export class ClientsError extends Error {
  override name = 'ClientsError';
  readonly code: ClientsErrorCode;
  /** `field: what is wrong with it`, one for each fault; empty unless the metadata is at fault. */
  readonly faults: readonly string[];

  constructor(code: ClientsErrorCode, message: string, faults: readonly string[] = []) {
    super([message, ...faults.map((fault) => `  ${fault}`)].join('\n'));
    this.code = code;
    this.faults = faults;
  }
}
