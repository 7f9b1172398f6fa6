import { baseEnvironment, origin, parseEnvironment, secretKey } from '@gatehouse/web';

const environment = {
  settings: {
    /** The issuer: whether this is production is seen by its being https. */
    BASE_URL: origin,
  },
  secrets: {
    /** The owner's URL of the user database. */
    OWNER_DATABASE_URL: baseEnvironment.secrets.DATABASE_URL,
    /** The identity provider's: secrets are stored sealed with it. */
    ENCRYPTION_KEY: secretKey,
  },
};

/** @throws {ConfigError} naming every variable that is missing or wrong */
export const loadConfig = (env: NodeJS.ProcessEnv) => parseEnvironment(environment, env);
