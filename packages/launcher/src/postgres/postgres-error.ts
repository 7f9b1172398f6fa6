/** Why the embedded PostgreSQL did not start; `message` is one line that says what to do. */
export class PostgresError extends Error {
  readonly code: 'unsupported_platform' | 'no_unprivileged_user' | 'init_failed' | 'port_busy' | 'start_failed';

  constructor(code: PostgresError['code'], message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'PostgresError';
    this.code = code;
  }
}
