/** Why an app cannot be made or removed, in words for whoever asked. */
export class CreateAppError extends Error {
  override name = 'CreateAppError';
  readonly code:
    | 'name_refused'
    | 'title_refused'
    | 'department_unknown'
    | 'department_refused'
    | 'kind_unknown'
    | 'folder_refused'
    | 'no_place'
    | 'no_template'
    | 'tool_failed'
    | 'not_clean'
    | 'usage';

  constructor(code: CreateAppError['code'], message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
