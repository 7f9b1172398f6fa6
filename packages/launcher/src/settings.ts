import { join } from 'node:path';
import { z } from 'zod';
import { refusedPortFrom } from './ports/index.ts';

const environment = z.object({
  PORT_BASE: z.coerce
    .number()
    .int()
    .min(1024)
    .max(65_500)
    .default(4000)
    .superRefine((base, context) => {
      const refused = refusedPortFrom(base);
      if (refused === undefined) return;
      const message = `an app could get port ${refused}, which browsers refuse to open; choose another, such as 5000 or 7000`;
      context.addIssue({ code: 'custom', message });
    }),
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }).optional(),
  DATABASE_POOLER_URL: z.url({ protocol: /^postgres(ql)?$/ }).optional(),
  GATEHOUSE_LOCAL: z.string().min(1).optional(),
  GATEHOUSE_STARTED_BY: z.coerce.number().int().optional(),
});

/** Where this checkout is and how it is to run. */
export type Settings = {
  /** The checkout. */
  root: string;
  /** Everything that running makes: `.local/` in the checkout, or GATEHOUSE_LOCAL. */
  local: string;
  /** The identity provider's port; the other apps and PostgreSQL follow at fixed distances. */
  portBase: number;
  /** The owner's URL of the user database on a PostgreSQL of one's own, instead of the embedded one. */
  databaseUrl?: string | undefined;
  /** A pooler such as PgBouncer in transaction mode before that database: the apps connect through it. */
  databasePoolerUrl?: string | undefined;
  /** Pids of the processes that started this one: the bootstrap, and npm which started it. Default none. */
  starters?: number[];
};

export class SettingsError extends Error {
  readonly code = 'settings_invalid';
}

/** @throws SettingsError naming every variable at fault */
export function loadSettings(env: NodeJS.ProcessEnv): Settings {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
  const { data, error } = environment.safeParse(given);
  if (error) {
    const faults = error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
    throw new SettingsError(`The environment is not right. ${faults.join('; ')}`);
  }
  const root = join(import.meta.dirname, '..', '..', '..');
  return {
    root,
    local: data.GATEHOUSE_LOCAL ?? join(root, '.local'),
    portBase: data.PORT_BASE,
    databaseUrl: data.DATABASE_URL,
    databasePoolerUrl: data.DATABASE_POOLER_URL,
    starters: [process.ppid, data.GATEHOUSE_STARTED_BY ?? []].flat(),
  };
}
