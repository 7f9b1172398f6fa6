/** `pnpm client`, run by the launcher. Standard output holds one JSON document and nothing else. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { createSealer } from '@gatehouse/encryption';
import { ConfigError } from '@gatehouse/web';
import pg from 'pg';
import { addClient } from '../add-client.ts';
import { ClientsError } from '../errors.ts';
import { listClients } from '../list-clients.ts';
import { removeClient } from '../remove-client.ts';
import { retirePreviousSecret, rotateSecret } from '../rotate-secret.ts';
import { updateClient } from '../update-client.ts';
import { type Command, readArguments, UsageError } from './arguments.ts';
import { loadConfig } from './config.ts';

/** npm and pnpm run their scripts in the checkout, wherever they were called. */
const startedIn = process.env.INIT_CWD ?? process.cwd();

try {
  const command = readArguments(process.argv.slice(2));
  const config = loadConfig(process.env);
  const pool = new pg.Pool({
    connectionString: config.secrets.ownerDatabaseUrl,
    application_name: 'client',
    max: 1,
    connectionTimeoutMillis: 5000,
  });
  try {
    process.stdout.write(`${JSON.stringify(await run(command, pool, config), null, 2)}\n`);
  } finally {
    await pool.end();
  }
} catch (error) {
  const told = error instanceof ClientsError || error instanceof UsageError || error instanceof ConfigError;
  process.stderr.write(`${told ? error.message : error instanceof Error ? error.stack : String(error)}\n`);
  process.exitCode = 1;
}

async function run(command: Command, pool: pg.Pool, config: ReturnType<typeof loadConfig>): Promise<unknown> {
  const sealer = createSealer(config.secrets.encryptionKey);
  const production = config.baseUrl.startsWith('https:');
  switch (command.name) {
    case 'add': {
      const { access, file } = command;
      const { credentials, ignored } = await addClient(pool, sealer, await readJson(file), { production, access });
      tellIgnored(ignored);
      return { ...credentials, issuer: config.baseUrl };
    }
    case 'update': {
      const { clientId, file } = command;
      const { ignored, ...updated } = await updateClient(pool, sealer, clientId, await readJson(file), { production });
      tellIgnored(ignored);
      return updated;
    }
    case 'list':
      return (await listClients(pool)).map(({ metadata, ...client }) => ({ ...metadata, ...client }));
    case 'rotate':
      return rotateSecret(pool, sealer, command.clientId, { previousUntil: command.previousUntil });
    case 'retire':
      await retirePreviousSecret(pool, command.clientId);
      return { client_id: command.clientId, previous_secret: 'retired' };
    case 'remove':
      return { client_id: command.clientId, removed: true, ended: await removeClient(pool, command.clientId) };
  }
}

function tellIgnored(names: string[]): void {
  if (names.length > 0) process.stderr.write(`Ignored, because nothing here knows it: ${names.join(', ')}\n`);
}

async function readJson(file: string): Promise<unknown> {
  let source: string;
  try {
    source = file === '-' ? await text(process.stdin) : readFileSync(resolve(startedIn, file), 'utf8');
  } catch (error) {
    throw new UsageError(`${file} cannot be read: ${(error as Error).message}`);
  }
  try {
    return JSON.parse(source);
  } catch (error) {
    throw new UsageError(`${file} is not JSON: ${(error as Error).message}`);
  }
}
