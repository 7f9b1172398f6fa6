import { baseEnvironment, type ConfigOf, databaseUrl, parseEnvironment, secretKey } from '@gatehouse/web';
import { z } from 'zod';
import { mailEnvironment } from './mail/environment.ts';

const separated = (keys: string): string[] => keys.split(',').map((key) => key.trim());

/** Open what they have sealed and seal nothing, while ENCRYPTION_KEY changes; comma separated. */
export const furtherKeys = z
  .string()
  .optional()
  .transform((keys) => (keys === undefined ? [] : separated(keys)))
  .pipe(z.array(secretKey));

const environment = {
  settings: {
    ...baseEnvironment.settings,
    ...mailEnvironment.settings,
  },
  secrets: {
    ...baseEnvironment.secrets,
    ...mailEnvironment.secrets,
    /** To PostgreSQL itself where DATABASE_URL leads to a pooler: to be told at once of what other processes change. */
    DATABASE_DIRECT_URL: databaseUrl.optional(),
    /** Seals signing keys, client secrets and the like in the database. Lost, they are lost. */
    ENCRYPTION_KEY: secretKey,
    ENCRYPTION_KEYS_TO_OPEN: furtherKeys,
    /** Sign the provider's cookies; comma separated, the newest first. */
    COOKIE_KEYS: z.string({ error: 'is missing' }).transform(separated).pipe(z.array(secretKey)),
  },
};

export type Config = ConfigOf<typeof environment>;

/** @throws {ConfigError} naming every variable that is missing or wrong */
export const loadConfig = (env: NodeJS.ProcessEnv): Config => parseEnvironment(environment, env);
