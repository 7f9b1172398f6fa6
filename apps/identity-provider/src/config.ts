import { baseEnvironment, type ConfigOf, parseEnvironment, secretKey } from '@gatehouse/web';
import { z } from 'zod';
import { mailEnvironment } from './mail/environment.ts';

const environment = {
  settings: { ...baseEnvironment.settings, ...mailEnvironment.settings },
  secrets: {
    ...baseEnvironment.secrets,
    ...mailEnvironment.secrets,
    /** Seals signing keys and client secrets in the database. Lost, they are lost. */
    ENCRYPTION_KEY: secretKey,
    /** Sign the provider's cookies; comma separated, the newest first. */
    COOKIE_KEYS: z
      .string({ error: 'is missing' })
      .transform((keys) => keys.split(',').map((key) => key.trim()))
      .pipe(z.array(secretKey)),
  },
};

export type Config = ConfigOf<typeof environment>;

/** @throws {ConfigError} naming every variable that is missing or wrong */
export const loadConfig = (env: NodeJS.ProcessEnv): Config => parseEnvironment(environment, env);
