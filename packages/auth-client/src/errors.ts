/** Stable names of everything that auth-client refuses. Pages and logs key on them; the words may change. */
export type AuthClientErrorCode =
  | 'login_required'
  | 'role_required'
  | 'access_withdrawn'
  | 'login_expired'
  | 'login_loop'
  | 'login_refused'
  | 'login_failed'
  | 'provider_unreachable'
  | 'proxy_not_trusted'
  | 'session_ended'
  | 'store_unavailable'
  | 'session_without_login'
  | 'logout_incomplete'
  | 'logout_token_invalid'
  | 'access_token_missing';

const answers: Record<AuthClientErrorCode, { status: number; publicText: string }> = {
  login_required: { status: 401, publicText: 'You are signed out. Sign in, then try again.' },
  role_required: { status: 403, publicText: 'Your post does not include this part of the app.' },
  access_withdrawn: { status: 403, publicText: 'You no longer have access to this app.' },
  login_expired: { status: 400, publicText: 'This sign-in was already used or took too long. Sign in again.' },
  login_loop: {
    status: 400,
    publicText: 'Your browser does not keep the sign-in cookie of this app. Allow cookies for it, then sign in again.',
  },
  login_refused: { status: 403, publicText: 'You were not signed in to this app.' },
  login_failed: { status: 400, publicText: 'Signing in did not work. Sign in again.' },
  provider_unreachable: { status: 503, publicText: 'Signing in is not possible right now. Try again in a moment.' },
  proxy_not_trusted: { status: 500, publicText: 'This app is not set up correctly. Tell the service desk.' },
  session_ended: { status: 401, publicText: 'You have been signed out. Sign in again.' },
  store_unavailable: {
    status: 503,
    publicText: 'This app cannot reach its database right now. Try again in a moment.',
  },
  session_without_login: { status: 500, publicText: 'Something went wrong in this app.' },
  logout_incomplete: {
    status: 503,
    publicText:
      'You are signed out of this app, but not of the others yet. Try again in a moment, or close the browser.',
  },
  logout_token_invalid: { status: 400, publicText: 'The logout token was refused.' },
  access_token_missing: { status: 401, publicText: 'Sign in again to continue.' },
};

export interface AuthClientErrorOptions {
  cause?: unknown;
  /** For the log only. */
  detail?: string;
  /** Seconds after which another try may work. */
  retryAfter?: number;
  /** Local path that signs the person in and brings them back. */
  loginUrl?: string;
  /** App roles of which the person lacks all. */
  neededRoles?: readonly string[];
}

/**
 * The one error of this package. It has the fields by which the error handler of `@gatehouse/web` answers: `code` is
 * stable, `status` the HTTP status, `publicText` what a person may read; `detail` and `cause` are for the log.
 */
export class AuthClientError extends Error {
  override readonly name = 'AuthClientError';
  readonly code: AuthClientErrorCode;
  readonly status: number;
  readonly publicText: string;
  readonly detail: string | undefined;
  readonly loginUrl: string | undefined;
  readonly #options: AuthClientErrorOptions;
  readonly neededRoles: readonly string[];
  readonly headers: Readonly<Record<string, string>>;

  constructor(code: AuthClientErrorCode, options: AuthClientErrorOptions = {}) {
    const { status, publicText } = answers[code];
    super(`${code}: ${options.detail ?? publicText}`, { cause: options.cause });
    this.#options = options;
    this.code = code;
    this.status = status;
    this.publicText = publicText;
    this.detail = options.detail;
    this.loginUrl = options.loginUrl;
    this.neededRoles = options.neededRoles ?? [];
    this.headers = options.retryAfter === undefined ? {} : { 'retry-after': String(options.retryAfter) };
  }

  /** The same error, with a way to sign in. */
  withLoginUrl(loginUrl: string): AuthClientError {
    return new AuthClientError(this.code, { ...this.#options, loginUrl });
  }
}
