import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { randomToken } from '@gatehouse/encryption';
import { z } from 'zod';

const appSecrets = z.object({ client_secret: z.string(), session_key: z.string(), database_password: z.string() });

const secretsSchema = z.object({
  encryption_key: z.string(),
  cookie_keys: z.array(z.string()).min(1),
  provider_database_password: z.string(),
  apps: z.record(z.string(), appSecrets),
});

export type Secrets = z.infer<typeof secretsSchema>;

/**
 * This checkout's own secrets, 32 random bytes each: made once, kept in a file that only its owner can read. An app
 * that is new since gets its own, and the others keep theirs.
 */
export function loadSecrets(file: string, clientIds: string[]): Secrets {
  const kept = read(file);
  const secrets: Secrets = kept ?? {
    encryption_key: randomToken(),
    cookie_keys: [randomToken()],
    provider_database_password: randomToken(),
    apps: {},
  };
  for (const clientId of clientIds) {
    secrets.apps[clientId] ??= {
      client_secret: randomToken(),
      session_key: randomToken(),
      database_password: randomToken(),
    };
  }
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify(secrets, null, 2)}\n`, { mode: 0o600 });
  return secrets;
}

/** A file that is there but cannot be understood is an error: making new keys would lose what the old ones sealed. */
function read(file: string): Secrets | undefined {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
  return secretsSchema.parse(JSON.parse(text));
}
