export type AccountsErrorCode =
  /** Unknown login, wrong password, disabled person, no password: on purpose one code. */
  | 'credentials_wrong'
  /** Too many attempts; `retryAfter` says when the next one is heard. */
  | 'throttled'
  /** More passwords are waiting to be hashed than this process takes on. */
  | 'busy'
  /** Not the code that the authenticator shows, or one that was used already. */
  | 'code_wrong'
  /** Not signed by a passkey that we know, or not for this sign-in. */
  | 'passkey_refused'
  | 'factor_exists'
  /** The person has a factor, and none was shown. */
  | 'factor_missing'
  | 'password_refused'
  | 'link_unusable'
  /** A change of somebody's own, begun before something else secured their account. */
  | 'secured_meanwhile'
  | 'person_unknown'
  | 'login_taken'
  | 'email_taken'
  /** It is the person's own already. */
  | 'email_unchanged'
  | 'own_account'
  | 'last_administrator'
  | 'administrator_exists';

/** Why a new password was refused. */
export type PasswordFault = 'nul_character' | 'too_long' | 'too_short' | 'common' | 'guessable' | 'unchanged';

export interface AccountsErrorOptions extends ErrorOptions {
  /** Seconds, whole, at least 1. */
  retryAfter?: number;
  /** Of `password_refused`. */
  fault?: PasswordFault;
}

export class AccountsError extends Error {
  override name = 'AccountsError';
  readonly code: AccountsErrorCode;
  readonly retryAfter: number | undefined;
  readonly fault: PasswordFault | undefined;

  constructor(code: AccountsErrorCode, message: string, { retryAfter, fault, ...options }: AccountsErrorOptions = {}) {
    super(message, options);
    this.code = code;
    this.retryAfter = retryAfter;
    this.fault = fault;
  }
}
