import { loginName } from '@gatehouse/provisioning';
import pg from 'pg';
import { type Finding, fault, restart } from './finding.ts';

export interface DatabaseUser {
  clientId: string;
  /** Its own Postgres schema, if it has tables. */
  schema?: string | undefined;
  /** Undefined where its secret is missing, which is another finding. */
  password?: string | undefined;
}

export interface DatabaseFindings {
  organisation: Finding[];
  apps: ReadonlyMap<string, Finding[]>;
}

/** Whether PostgreSQL answers, and lets each app in with its own login and to its own tables. */
export async function checkDatabase(ownerUrl: string, users: DatabaseUser[]): Promise<DatabaseFindings> {
  const owner = new pg.Client({ connectionString: ownerUrl, connectionTimeoutMillis: 5_000 });
  try {
    await owner.connect();
  } catch (error) {
    const cause = `PostgreSQL does not let its owner in at ${new URL(ownerUrl).host}: ${reasonOf(error)}`;
    const mend = `${restart}; with a PostgreSQL of your own, start it and check DATABASE_URL`;
    return { organisation: [fault('database', cause, mend)], apps: new Map() };
  }
  try {
    const { rows } = await owner.query<{ name: string }>('SELECT current_database() AS name');
    const apps = new Map<string, Finding[]>();
    for (const user of users) {
      const login = loginName(rows[0]?.name ?? '', user.clientId);
      const { rows: roles } = await owner.query('SELECT rolcanlogin FROM pg_roles WHERE rolname = $1', [login]);
      const findings = roles[0]?.rolcanlogin
        ? await checkLogin(ownerUrl, login, user)
        : [fault('database', `there is no database role ${login} that may log in`, restart)];
      apps.set(user.clientId, findings);
    }
    return { organisation: [], apps };
  } finally {
    await owner.end();
  }
}

async function checkLogin(ownerUrl: string, login: string, { password, schema }: DatabaseUser): Promise<Finding[]> {
  if (!password) return [];
  const url = new URL(ownerUrl);
  url.username = login;
  url.password = password;
  const app = new pg.Client({ connectionString: url.href, connectionTimeoutMillis: 5_000 });
  try {
    await app.connect();
    if (!schema) return [];
    const { rows } = await app.query<{ usable: boolean | null }>(
      "SELECT has_schema_privilege(oid, 'USAGE') AS usable FROM pg_namespace WHERE nspname = $1",
      [schema],
    );
    if (!rows[0])
      return [fault('database', `there is no Postgres schema ${schema}: its tables were not made`, restart)];
    return rows[0].usable ? [] : [fault('database', `the role ${login} may not use its schema ${schema}`, restart)];
  } catch (error) {
    const { code } = error as { code?: string };
    const cause =
      code === '28P01'
        ? `the role ${login} has another password than .local/secrets.json`
        : `the role ${login} is not let in: ${reasonOf(error)}`;
    return [fault('database', cause, restart)];
  } finally {
    await app.end().catch(() => undefined);
  }
}

/** An error of the network has a code and, where several addresses were tried, no message. */
const reasonOf = (error: unknown): string => {
  const { code, message } = error as { code?: string; message?: string };
  return message || code || String(error);
};
