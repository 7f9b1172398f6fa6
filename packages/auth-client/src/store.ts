import type { Auth } from './auth.ts';

/** What has to be remembered between GET /auth/login and the callback; sealed in the browser's own cookie. */
export interface LoginAttempt {
  nonce: string;
  codeVerifier: string;
  returnTo: string;
  /** Milliseconds since 1970. */
  begunAt: number;
}

/** What the provider vouched for at sign-in. Kept on the server, in the app session. */
export interface SignIn {
  sub: string;
  sid: string;
  /** Handed back as `id_token_hint` at sign-out. */
  idToken: string;
  accessToken?: AccessToken | undefined;
  /** SHA-256 (base64url) of the `state` that led here, and where it led: a reloaded callback goes there again. */
  stateHash: string;
  returnTo: string;
  /** The same of the sign-ins before it in this browser, the latest first: tabs sign in at the same time. */
  earlier?: Pick<SignIn, 'stateHash' | 'returnTo'>[];
  /** When the login that led here began, in milliseconds since 1970. */
  begunAt: number;
}

/** For calling another app's API. */
export interface AccessToken {
  value: string;
  /** Milliseconds since 1970. */
  expiresAt: number;
}

/** What userinfo said at sign-in. Used only by stores that do not know the people themselves. */
export interface Profile {
  name: string;
  email: string;
  login: string;
  roles: string[];
}

export interface SessionData {
  signIn: SignIn;
  profile?: Profile | undefined;
}

export interface LoadedSession {
  data: SessionData;
  auth: Auth;
  lastSeenAt: Date;
}

/**
 * Where app sessions live, and what of sign-in and sign-out may happen once only. `postgresStore` is the one for apps
 * on the user database, `memoryStore` for tests and for an app elsewhere that runs as one process.
 *
 * A store enforces its own limits when it reads: an expired or ended row is never returned, whether or not anything
 * has cleaned it up. Nothing in a store revives an ended session.
 */
export interface AuthStore {
  /** True if person, roles and apps are read afresh at each request; then no userinfo call is made at sign-in. */
  readonly knowsPeople: boolean;
  /** Resolves while the store answers, rejects with the reason why it does not. */
  ready(): Promise<void>;

  /** Remembers until `expiresAt` that a login was taken up. Of two callers with one hash, one gets true. */
  takeUpLogin(stateHash: Buffer, expiresAt: Date): Promise<boolean>;

  loadSession(id: string): Promise<LoadedSession | undefined>;
  /** False if the sign-in has already ended: then nothing was stored. */
  insertSession(id: string, data: SessionData): Promise<boolean>;
  /** Changes a live session; does nothing to one that has ended. */
  updateSession(id: string, data: SessionData): Promise<void>;
  touchSession(id: string): Promise<void>;
  removeSession(id: string): Promise<void>;

  /** Ends by `sid` if there is one, otherwise every session of `sub`; also those whose sign-in is still under way. */
  endSessions(target: LogoutTarget): Promise<void>;
  /** Remembers a logout token's `jti` until `expiresAt`. False if it was there already. */
  useLogoutToken(jti: string, expiresAt: Date): Promise<boolean>;
}

export type LogoutTarget = { sid: string; sub?: string | undefined } | { sid?: undefined; sub: string };
