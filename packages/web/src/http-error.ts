export interface HttpErrorOptions {
  cause?: unknown;
  /** For the log only; the person never sees it. */
  detail?: string;
  /** App roles of which the person lacks all; the error page names them by their titles. */
  neededRoles?: readonly string[];
  /** Extra response headers, e.g. `{ 'retry-after': '30' }`. */
  headers?: Readonly<Record<string, string>>;
}

/**
 * A refusal or failure whose answer is already decided: the status, a stable `code` for machines
 * and `publicText` for the person. What only the log may hold goes into `detail` and `cause`.
 *
 * Packages that may not import this one throw errors of their own with the same fields;
 * `errorHandler` goes by the fields, not by the class.
 */
export class HttpError extends Error {
  override readonly name = 'HttpError';
  readonly status: number;
  readonly code: string;
  readonly publicText: string;
  readonly detail: string | undefined;
  readonly neededRoles: readonly string[] | undefined;
  readonly headers: Readonly<Record<string, string>>;

  /**
   * @param status HTTP status, 400 to 599
   * @param code stable and snake_case, e.g. `claim_already_paid`
   * @param publicText one or two plain sentences for the person: what happened, what they can do
   */
  constructor(status: number, code: string, publicText: string, options: HttpErrorOptions = {}) {
    super(`${code}: ${options.detail ?? publicText}`, { cause: options.cause });
    this.status = status;
    this.code = code;
    this.publicText = publicText;
    this.detail = options.detail;
    this.neededRoles = options.neededRoles;
    this.headers = options.headers ?? {};
  }
}
