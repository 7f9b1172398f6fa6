export interface Config {
  /** Origin of the OpenID Provider. */
  issuer: string;
  clientId: string;
  clientSecret: string;
  /** Own origin, as browsers see it. */
  baseUrl: string;
  /** 32 random bytes in base64url: signs the session cookie. */
  sessionKey: string;
  port: number;
}

const names = ['ISSUER', 'CLIENT_ID', 'CLIENT_SECRET', 'BASE_URL', 'SESSION_KEY', 'PORT'] as const;

/**
 * Everything this app reads from its environment.
 * @throws {Error} naming every variable that is missing
 */
export function loadConfig(env: NodeJS.ProcessEnv): Config {
  const missing = names.filter((name) => !env[name]);
  if (missing.length > 0) throw new Error(`The environment does not say ${missing.join(', ')}: see README.md.`);
  const { ISSUER = '', CLIENT_ID = '', CLIENT_SECRET = '', BASE_URL = '', SESSION_KEY = '', PORT } = env;
  return {
    issuer: ISSUER,
    clientId: CLIENT_ID,
    clientSecret: CLIENT_SECRET,
    baseUrl: BASE_URL,
    sessionKey: SESSION_KEY,
    port: Number(PORT),
  };
}
