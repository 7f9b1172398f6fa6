/** `pnpm org`, run by the launcher. */
import pg from 'pg';
import { z } from 'zod';
import { everyAccess } from '../access.ts';

const usage = `pnpm --silent org access [--json]
  every person with every app, and the roles that they have there now
with OWNER_DATABASE_URL in the environment, unless the organisation was started from this checkout`;

const [command, format, ...more] = process.argv.slice(2);
const url = z.string().min(1).safeParse(process.env.OWNER_DATABASE_URL);
const isUsage = command !== 'access' || (format !== undefined && format !== '--json') || more.length > 0;

if (isUsage || !url.success) {
  process.stderr.write(`${isUsage ? usage : `OWNER_DATABASE_URL is missing\n\n${usage}`}\n`);
  process.exitCode = 1;
} else {
  const pool = new pg.Pool({ connectionString: url.data, application_name: 'org', max: 1 });
  try {
    await (format === '--json' ? printJson(pool) : printText(pool));
  } finally {
    await pool.end();
  }
}

/** One document, an element a line, written as it is read. */
async function printJson(pool: pg.Pool): Promise<void> {
  let between = '[\n';
  for await (const { login, clientId, roles } of everyAccess(pool)) {
    process.stdout.write(`${between}  ${JSON.stringify({ login, client_id: clientId, roles })}`);
    between = ',\n';
  }
  process.stdout.write(between === '[\n' ? '[]\n' : '\n]\n');
}

/** What somebody has, for people to read; who has nothing somewhere is left out. */
async function printText(pool: pg.Pool): Promise<void> {
  for await (const { login, clientId, roles } of everyAccess(pool)) {
    if (roles.length > 0) process.stdout.write(`${login.padEnd(24)} ${clientId.padEnd(20)} ${roles.join(', ')}\n`);
  }
}
