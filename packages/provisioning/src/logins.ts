import { setTimeout } from 'node:timers/promises';
import pg, { type ClientBase, escapeIdentifier, escapeLiteral } from 'pg';
import { lacksCreaterole, rightsLocked } from './errors.ts';
import { kindRole, kinds, type LoginKind, privileges, schemaPrivileges } from './privileges.ts';

/**
 * Connections that one login may hold, over all instances of its app: four instances during a roll, with pools of ten.
 * So no app keeps the others from the database.
 */
const connections = { provider: 80, app: 40 };

/**
 * How long a statement of an app runs or waits at most, and how long its transaction may lie open. What takes longer is
 * answered with 503. Settings of the role, because a pooler between app and database hands none of a connection's own
 * on.
 */
const waits = { statement_timeout: '15s', lock_timeout: '5s', idle_in_transaction_session_timeout: '15s' };

/** How often the rights are tried to be written; a wait for a lock and the pause after it are in milliseconds. */
const attempts = { most: 5, lockTimeout: 1000, pause: 500 };
const LOCK_NOT_AVAILABLE = '55P03';

export interface AppLogin {
  clientId: string;
  kind: LoginKind;
  /** The app's own Postgres schema, migrated already. */
  schema?: string | undefined;
  password: string;
}

/** The name of an app's database login: `gatehouse_human_resources`. */
export const loginName = (prefix: string, clientId: string): string => `${prefix}_${clientId.replaceAll('-', '_')}`;

/**
 * Makes the roles and logins and gives them their rights, all or nothing. Idempotent; also sets changed passwords.
 * Several runs at once wait for each other. Whoever else uses a table is waited for in short attempts, because behind
 * a change that waits for its lock every reader of the table waits too.
 *
 * @throws {ProvisioningError} `owner_lacks_createrole` with the SQL to run, `rights_locked` where no attempt got its locks
 */
export async function provisionLogins(owner: ClientBase, prefix: string, logins: readonly AppLogin[]): Promise<void> {
  const mayCreate = await mayCreateRoles(owner);
  const { missing, unbounded } = await roleStatements(owner, prefix, logins);
  const needed = [...missing, ...unbounded];
  if (needed.length > 0 && !mayCreate) throw lacksCreaterole(needed.join('\n'));
  for (let attempt = 1; ; attempt++) {
    try {
      return await writeRights(owner, prefix, logins, mayCreate);
    } catch (error) {
      if (!(error instanceof pg.DatabaseError && error.code === LOCK_NOT_AVAILABLE)) throw error;
      if (attempt === attempts.most) throw rightsLocked(error);
      await setTimeout(attempts.pause);
    }
  }
}

async function writeRights(owner: ClientBase, prefix: string, logins: readonly AppLogin[], mayCreate: boolean) {
  await owner.query('BEGIN');
  try {
    // Without a limit: several runs queue here, and no app writes this table.
    await owner.query('LOCK TABLE app_sessions.login IN EXCLUSIVE MODE');
    await owner.query(`SET LOCAL lock_timeout = '${attempts.lockTimeout}'`);
    if (mayCreate) {
      const { missing, existing } = await roleStatements(owner, prefix, logins);
      for (const statement of [...missing, ...existing]) await setRole(owner, statement);
    }
    const database = escapeIdentifier((await owner.query('SELECT current_database() AS name')).rows[0].name);
    const everyKind = kinds.map((kind) => escapeIdentifier(kindRole(prefix, kind))).join(', ');
    await owner.query(
      `REVOKE ALL ON DATABASE ${database} FROM PUBLIC; GRANT CONNECT ON DATABASE ${database} TO ${everyKind}`,
    );
    await owner.query(privileges(prefix));
    if (await isSuperuser(owner)) await owner.query(serverFunctions);
    for (const { clientId, schema } of logins) {
      const name = loginName(prefix, clientId);
      await owner.query(
        `INSERT INTO app_sessions.login (name, client_id) VALUES ($1, $2)
         ON CONFLICT (client_id) DO UPDATE SET name = EXCLUDED.name`,
        [name, clientId],
      );
      if (schema) await owner.query(schemaPrivileges(schema, name));
    }
    await owner.query('COMMIT');
  } catch (error) {
    await owner.query('ROLLBACK');
    throw error;
  }
}

/**
 * What makes the roles that are missing, what bounds logins that are not, and what gives the existing logins their
 * password, kind and bounds again.
 */
async function roleStatements(owner: ClientBase, prefix: string, logins: readonly AppLogin[]) {
  const { rows } = await owner.query<{ rolname: string; rolconnlimit: number; rolconfig: string[] | null }>(
    'SELECT rolname, rolconnlimit, rolconfig FROM pg_roles WHERE starts_with(rolname, $1)',
    [`${prefix}_`],
  );
  const known = new Map(rows.map((row) => [row.rolname, row]));
  const statements = { missing: [] as string[], unbounded: [] as string[], existing: [] as string[] };
  for (const kind of kinds) {
    const role = kindRole(prefix, kind);
    if (!known.has(role)) statements.missing.push(`CREATE ROLE ${escapeIdentifier(role)} NOLOGIN;`);
  }
  for (const { clientId, kind, password } of logins) {
    const name = loginName(prefix, clientId);
    const role = escapeIdentifier(name);
    const limit = kind === 'provider' ? connections.provider : connections.app;
    const login = `ROLE ${role} LOGIN CONNECTION LIMIT ${limit} PASSWORD ${escapeLiteral(password)};`;
    const grant = `GRANT ${escapeIdentifier(kindRole(prefix, kind))} TO ${role};`;
    const bounds = Object.entries(waits)
      .map(([setting, value]) => `ALTER ROLE ${role} SET ${setting} = '${value}';`)
      .join(' ');
    const row = known.get(name);
    if (!row) statements.missing.push(`CREATE ${login} ${grant} ${bounds}`);
    else statements.existing.push(`ALTER ${login} ${grant} ${bounds}`);
    if (row && !isBounded(row, limit)) {
      statements.unbounded.push(`ALTER ROLE ${role} CONNECTION LIMIT ${limit}; ${bounds}`);
    }
  }
  return statements;
}

const isBounded = ({ rolconnlimit, rolconfig }: { rolconnlimit: number; rolconfig: string[] | null }, limit: number) =>
  rolconnlimit === limit && Object.entries(waits).every((each) => rolconfig?.includes(each.join('=')));

/**
 * Functions of the server that everybody may call, and with which an app could stop others: locks by number, one of
 * which is Prisma Migrate's, and large objects, which belong to no schema. Only a superuser can take them away.
 */
const serverFunctions = `
  DO $$ DECLARE f regprocedure; BEGIN
    FOR f IN SELECT oid FROM pg_proc
      WHERE pronamespace = 'pg_catalog'::regnamespace AND proname ~ '^(pg_(try_)?advisory_|lo_|loread|lowrite)'
    LOOP EXECUTE format('REVOKE EXECUTE ON FUNCTION %s FROM PUBLIC', f); END LOOP;
  END $$`;

async function isSuperuser(owner: ClientBase): Promise<boolean> {
  const { rows } = await owner.query<{ rolsuper: boolean }>(
    'SELECT rolsuper FROM pg_roles WHERE rolname = current_user',
  );
  return rows[0]?.rolsuper === true;
}

// Roles belong to the whole server: a second database may be making the same one at this moment.
async function setRole(owner: ClientBase, statement: string): Promise<void> {
  await owner.query('SAVEPOINT role');
  try {
    await owner.query(statement);
  } catch (error) {
    const raced = error instanceof pg.DatabaseError && (error.code === '42710' || error.code === '23505');
    if (!raced) throw error;
    await owner.query('ROLLBACK TO SAVEPOINT role');
  }
}

async function mayCreateRoles(owner: ClientBase): Promise<boolean> {
  const { rows } = await owner.query(
    'SELECT rolsuper OR rolcreaterole AS may FROM pg_roles WHERE rolname = current_user',
  );
  return rows[0]?.may === true;
}
