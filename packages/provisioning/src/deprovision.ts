import pg, { escapeIdentifier } from 'pg';
import { loginName } from './logins.ts';

export interface DeprovisionOptions {
  ownerUrl: string;
  /** What the names of the roles begin with. The database's name by default. */
  rolePrefix?: string;
  clientId: string;
  /** The app's own Postgres schema, to drop it with all that is in it. Default: the data stays. */
  dropSchema?: string | undefined;
}

/**
 * Undoes `provision` for one app, all or nothing: its tile, roles, rules and grants, its registration as a client, its
 * sessions and its database login. Idempotent, and safe to run while the organisation runs.
 */
export async function deprovision({ ownerUrl, clientId, dropSchema, ...options }: DeprovisionOptions): Promise<void> {
  const owner = new pg.Client({ connectionString: ownerUrl, application_name: 'provisioning' });
  await owner.connect();
  try {
    const prefix = options.rolePrefix ?? (await owner.query('SELECT current_database() AS name')).rows[0].name;
    const login = loginName(prefix, clientId);
    await owner.query('BEGIN');
    await owner.query('LOCK TABLE app_sessions.login IN EXCLUSIVE MODE');
    await owner.query(
      `DELETE FROM directory.api_permission WHERE client_id = $1
       OR audience = (SELECT url || '/api' FROM directory.app WHERE client_id = $1)`,
      [clientId],
    );
    for (const table of ['directory.app', 'protocol.client_registration', 'app_sessions.sign_in']) {
      await owner.query(`DELETE FROM ${table} WHERE client_id = $1`, [clientId]);
    }
    for (const table of ['session', 'login_taken', 'logout_token_use']) {
      await owner.query(`DELETE FROM app_sessions.${table} WHERE login = $1`, [login]);
    }
    await owner.query('DELETE FROM app_sessions.login WHERE client_id = $1', [clientId]);
    if (dropSchema) await owner.query(`DROP SCHEMA IF EXISTS ${escapeIdentifier(dropSchema)} CASCADE`);
    const { rowCount } = await owner.query('SELECT FROM pg_roles WHERE rolname = $1', [login]);
    if (rowCount) await dropLogin(owner, escapeIdentifier(login));
    await owner.query('COMMIT');
  } finally {
    await owner.end();
  }
}

/** Whoever may create roles may drop them; to drop what they were granted takes being a member too. */
async function dropLogin(owner: pg.ClientBase, login: string): Promise<void> {
  await owner.query(`GRANT ${login} TO CURRENT_USER; DROP OWNED BY ${login}; DROP ROLE ${login}`);
}
