import pg from 'pg';

const undefinedDatabase = '3D000';
const alreadyThere = ['42P04', '23505'];

/** Makes the database that the URL names, unless it is there. */
export async function ensureDatabase(url: string): Promise<void> {
  if (await exists(url)) return;
  const server = new URL(url);
  const name = decodeURIComponent(server.pathname.slice(1));
  server.pathname = '/postgres';
  const client = new pg.Client({ connectionString: server.href });
  await client.connect();
  try {
    await client.query(`CREATE DATABASE ${pg.escapeIdentifier(name)}`);
  } catch (error) {
    if (!alreadyThere.includes((error as { code?: string }).code ?? '')) throw error;
  } finally {
    await client.end();
  }
}

async function exists(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url });
  try {
    await client.connect();
    return true;
  } catch (error) {
    if ((error as { code?: string }).code === undefinedDatabase) return false;
    throw error;
  } finally {
    await client.end().catch(() => undefined);
  }
}

export interface Organisation {
  name: string;
  timeZone: string;
  /** Who came with the demo organisation, by login. Empty in an organisation of one's own. */
  demoLogins: string[];
}

/** Whose database it is. */
export async function readOrganisation(url: string): Promise<Organisation> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query(
      `SELECT name, time_zone AS "timeZone", ARRAY(SELECT login FROM directory.person WHERE demo) AS "demoLogins"
       FROM directory.organisation`,
    );
    return rows[0];
  } finally {
    await client.end();
  }
}

/** The same server seen by another login, or another database of it. */
export function databaseUrl(
  url: string,
  change: { database?: string; login?: { name: string; password: string } },
): string {
  const changed = new URL(url);
  if (change.database) changed.pathname = `/${change.database}`;
  if (change.login) {
    changed.username = change.login.name;
    changed.password = change.login.password;
  }
  return changed.href;
}
