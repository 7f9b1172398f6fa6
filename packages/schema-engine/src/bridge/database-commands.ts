import pg from 'pg';
import { log } from './log.ts';

/** `duplicate_database`, and the unique violation that it is when two sessions create it at the same moment. */
const alreadyExists = new Set(['42P04', '23505']);
const doesNotExist = '3D000';

/**
 * Runs one of the engine's own commands: `can-connect-to-database`, `create-database`, `drop-database`.
 *
 * @returns the exit code; what went wrong is logged with Prisma's error code
 */
export async function runDatabaseCommand(command: string, url: string): Promise<number> {
  try {
    if (command === 'can-connect-to-database') await query(url, () => 'SELECT 1');
    else if (command === 'create-database') log('INFO', `Successfully created database '${await createDatabase(url)}'`);
    else if (command === 'drop-database') await dropDatabase(url, databaseName(url));
    else throw new Error(`The schema engine has no command ${command}.`);
    return 0;
  } catch (error) {
    const { error_code, message } = userError(error as NodeJS.ErrnoException, url);
    log('ERROR', message, { is_panic: false, error_code });
    return 1;
  }
}

/**
 * Creates the database that the URL names. That it exists already is a success: several deploys may start at once.
 *
 * @returns its name
 */
export async function createDatabase(url: string): Promise<string> {
  const name = databaseName(url);
  if (await exists(url)) return name;
  try {
    await query(withDatabase(url, 'postgres'), (quote) => `CREATE DATABASE ${quote(name)}`);
  } catch (error) {
    if (!alreadyExists.has(codeOf(error))) throw error;
  }
  return name;
}

/** Asks the database itself: whoever may connect to it need not have access to any other. */
async function exists(url: string): Promise<boolean> {
  try {
    await ensureConnection(url);
    return true;
  } catch (error) {
    if (codeOf(error) === doesNotExist) return false;
    throw error;
  }
}

/** Drops a database of the server that the URL names, ending the connections to it. */
export async function dropDatabase(url: string, name: string): Promise<void> {
  await query(withDatabase(url, 'postgres'), (quote) => `DROP DATABASE IF EXISTS ${quote(name)} WITH (FORCE)`);
}

/** Fails unless the database answers. */
export async function ensureConnection(url: string): Promise<void> {
  await query(url, () => 'SELECT 1');
}

/** The same server, another database. */
export function withDatabase(url: string, name: string): string {
  const changed = new URL(url);
  changed.pathname = `/${encodeURIComponent(name)}`;
  return changed.href;
}

function databaseName(url: string): string {
  return decodeURIComponent(new URL(url).pathname.slice(1)) || 'postgres';
}

async function query(url: string, sql: (quote: (name: string) => string) => string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  try {
    await client.connect();
    await client.query(sql((name) => client.escapeIdentifier(name)));
  } finally {
    await client.end();
  }
}

function userError(error: NodeJS.ErrnoException, url: string): { error_code: string; message: string } {
  if (!URL.canParse(url)) return { error_code: 'P1013', message: 'The provided database string is invalid.' };
  const { host, hostname, username } = new URL(url);
  switch (codeOf(error)) {
    case doesNotExist:
      return { error_code: 'P1003', message: `Database \`${databaseName(url)}\` does not exist on \`${host}\`` };
    case '28P01':
    case '28000':
      return {
        error_code: 'P1000',
        message: `Authentication failed against the database server at \`${hostname}\`: the credentials for \`${username}\` are not valid.`,
      };
    case 'ECONNREFUSED':
    case 'ENOTFOUND':
    case 'ETIMEDOUT':
      return { error_code: 'P1001', message: `Can't reach database server at \`${host}\`` };
    default:
      return { error_code: 'P1010', message: error.message };
  }
}

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? '';
}
