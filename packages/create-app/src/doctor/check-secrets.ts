import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Finding, fault } from './finding.ts';

/** The secrets of an app, as the launcher keeps them. */
export interface AppSecrets {
  client_secret: string;
  session_key: string;
  database_password: string;
}

export type KeptSecrets = Record<string, Partial<AppSecrets> | undefined>;

const names = ['client_secret', 'session_key', 'database_password'] as const;
const file = '.local/secrets.json';

/** @returns nothing where the organisation has never been started; a finding where the file cannot be understood */
export function readSecrets(local: string): { secrets?: KeptSecrets; findings: Finding[] } {
  const path = join(local, 'secrets.json');
  if (!existsSync(path)) return { findings: [] };
  try {
    return { secrets: JSON.parse(readFileSync(path, 'utf8')).apps ?? {}, findings: [] };
  } catch (error) {
    const mend =
      'restore the file; without it pnpm reset, which removes the local data that it has sealed, and npm start';
    return { findings: [fault('secrets', `${file} cannot be read: ${(error as Error).message}`, mend)] };
  }
}

/** Each secret is 32 random bytes in base64url. */
export function checkSecrets(own: Partial<AppSecrets> | undefined, mend: string): Finding[] {
  if (!own) return [fault('secrets', `${file} has no secrets of it`, mend)];
  const unfit = names.filter((name) => !/^[\w-]{43}$/.test(own[name] ?? ''));
  return unfit.map((name) =>
    fault('secrets', `its ${name} in ${file} is ${own[name] ? 'not 32 bytes in base64url' : 'missing'}`, mend),
  );
}
