import pg, { type ClientBase, escapeIdentifier, escapeLiteral } from 'pg';
import { kindRole, kinds, type LoginKind, privileges, schemaPrivileges } from './privileges.ts';

export interface AppLogin {
  clientId: string;
  kind: LoginKind;
  /** The app's own Postgres schema, migrated already. */
  schema?: string | undefined;
  password: string;
}

export class ProvisioningError extends Error {
  override name = 'ProvisioningError';
  readonly code = 'owner_lacks_createrole';

  /** @param sql what somebody with the right to create roles has to run */
  constructor(sql: string) {
    super(
      `The owner of this database may not create roles. Have this run by somebody who may, then start again:\n\n${sql}`,
    );
  }
}

/** The name of an app's database login: `gatehouse_human_resources`. */
export const loginName = (prefix: string, clientId: string): string => `${prefix}_${clientId.replaceAll('-', '_')}`;

/**
 * Makes the roles and logins and gives them their rights, all or nothing. Idempotent; also sets changed passwords.
 * Several runs at once wait for each other.
 *
 * @throws {ProvisioningError} with the SQL to run, where roles are missing and the owner may not create them
 */
export async function provisionLogins(owner: ClientBase, prefix: string, logins: readonly AppLogin[]): Promise<void> {
  const mayCreate = await mayCreateRoles(owner);
  const { missing } = await roleStatements(owner, prefix, logins);
  if (missing.length > 0 && !mayCreate) throw new ProvisioningError(missing.join('\n'));
  await owner.query('BEGIN');
  try {
    await owner.query("SELECT pg_advisory_xact_lock(hashtext('gatehouse.provisioning'))");
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

/** What makes the roles that are missing, and what gives the existing logins their password and kind again. */
async function roleStatements(owner: ClientBase, prefix: string, logins: readonly AppLogin[]) {
  const { rows } = await owner.query<{ rolname: string }>(
    'SELECT rolname FROM pg_roles WHERE starts_with(rolname, $1)',
    [`${prefix}_`],
  );
  const known = new Set(rows.map((row) => row.rolname));
  const statements = { missing: [] as string[], existing: [] as string[] };
  for (const kind of kinds) {
    const role = kindRole(prefix, kind);
    if (!known.has(role)) statements.missing.push(`CREATE ROLE ${escapeIdentifier(role)} NOLOGIN;`);
  }
  for (const { clientId, kind, password } of logins) {
    const name = loginName(prefix, clientId);
    const role = `ROLE ${escapeIdentifier(name)} LOGIN PASSWORD ${escapeLiteral(password)};`;
    const grant = `GRANT ${escapeIdentifier(kindRole(prefix, kind))} TO ${escapeIdentifier(name)};`;
    if (known.has(name)) statements.existing.push(`ALTER ${role} ${grant}`);
    else statements.missing.push(`CREATE ${role} ${grant}`);
  }
  return statements;
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
