import type { AuthStore } from './store.ts';

/** Where refusals and oddities are noted. Any pino logger will do. */
export interface Log {
  info(detail: object, message: string): void;
  warn(detail: object, message: string): void;
}

export interface AuthClientOptions {
  /** The issuer of the OpenID Provider, exactly as discovery announces it. */
  issuer: string;
  clientId: string;
  /** Authenticates the app by client_secret_basic. */
  clientSecret?: string;
  /** Authenticates the app by private_key_jwt, instead of a secret. */
  privateKey?: CryptoKey;
  /**
   * Own origin, such as `https://finance.example`. Every URL of ours is made from it, never from a request's headers.
   */
  baseUrl: string;
  /** 32 random bytes in base64url: signs the session cookie. */
  sessionKey: string;
  store: AuthStore;
  /** Where the four routes are mounted. Default is `/auth`. */
  basePath?: string;
  /** Default is `openid`; with a store that does not know people, `openid profile email`. */
  scope?: string;
  /** The audience of an API that the app calls on the person's behalf: `auth.accessToken(req)` is for it (RFC 8707). */
  resource?: string;
  /** The session cookie's name, one per app because cookies ignore ports. Default is made from the client id. */
  cookieName?: string;
  /** What the provider signs this client's ID tokens and logout tokens with. Default is `ES256`. */
  signingAlgorithm?: string;
  /** How long one outgoing request may take, in seconds. Default is 5. */
  timeout?: number;
  log?: Log;
}

/** The options with every default filled in and every address worked out once. */
export interface Settings extends Required<Omit<AuthClientOptions, 'resource' | 'clientSecret' | 'privateKey'>> {
  resource: string | undefined;
  credential: string | CryptoKey;
  /** True where browsers reach the app over https: cookies are then Secure and carry the `__Host-` prefix. */
  secure: boolean;
  loginPath: string;
  callbackUrl: string;
  signedOutUrl: string;
}

const silent: Log = { info() {}, warn() {} };

/** @throws {TypeError} when the app could not authenticate, or could not read userinfo */
export function completeSettings(options: AuthClientOptions): Settings {
  const credential = options.privateKey ?? options.clientSecret;
  if (credential === undefined) throw new TypeError('authClient needs a clientSecret or a privateKey');
  if (options.resource !== undefined && !options.store.knowsPeople) {
    throw new TypeError('An access token for a resource does not open userinfo: the store has to know people itself');
  }
  const { origin, protocol } = new URL(options.baseUrl);
  const basePath = options.basePath ?? '/auth';
  const secure = protocol === 'https:';
  return {
    ...options,
    credential,
    basePath,
    secure,
    baseUrl: origin,
    loginPath: `${basePath}/login`,
    callbackUrl: `${origin}${basePath}/callback`,
    signedOutUrl: `${origin}/`,
    scope: options.scope ?? (options.store.knowsPeople ? 'openid' : 'openid profile email'),
    resource: options.resource,
    cookieName: options.cookieName ?? `${secure ? '__Host-' : ''}gatehouse.${options.clientId}`,
    signingAlgorithm: options.signingAlgorithm ?? 'ES256',
    timeout: options.timeout ?? 5,
    log: options.log ?? silent,
  };
}
