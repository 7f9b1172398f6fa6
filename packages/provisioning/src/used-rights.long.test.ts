import { join } from 'node:path';
import { createTestDatabase, type TestDatabase } from '@gatehouse/test-kit';
import { type RecordedStatement, recordRun } from '@gatehouse/test-kit/recorded-run';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loginName } from './logins.ts';
import { kindRole, kinds, type LoginKind } from './privileges.ts';

const root = join(import.meta.dirname, '..', '..', '..');
const appsOf: Record<LoginKind, string[]> = {
  provider: ['identity-provider'],
  console: ['console'],
  department: ['finance', 'human-resources', 'service-desk', 'template'],
};
/** What runs statements with these logins: the apps, and the packages that do so for them. */
const recordedFolders = [
  ...Object.values(appsOf)
    .flat()
    .map((app) => `apps/${app}`),
  ...['auth-client', 'directory', 'audit', 'accounts'].map((name) => `packages/${name}`),
];

let db: TestDatabase;
let prefix: string;
/** What each folder's tests ran. */
const recorded = new Map<string, RecordedStatement[]>();
beforeAll(async () => {
  db = await createTestDatabase();
  prefix = new URL(db.urlFor('console')).username.replace(/_console$/, '');
  for (const folder of recordedFolders) {
    const ran = await recordRun(join(root, folder));
    recorded.set(folder, ran);
    process.stdout.write(`${folder}: ${ran.length} statements\n`);
  }
});
afterAll(() => db.close());

/** A right of a kind, as `GRANT` and `REVOKE` say it, and the name of what it is on. */
interface Right {
  right: string;
  name: string;
}

/** On tables, columns and functions. Schemas and sequences are left out: PostgreSQL asks for those only as it runs. */
async function rightsOf(kind: LoginKind): Promise<Right[]> {
  const { rows } = await db.owner.query<Right>(
    `WITH held AS (
       SELECT acl.privilege_type AS type, NULL AS col, format('TABLE %s', c.oid::regclass) AS on, c.relname AS name, acl.grantee
       FROM pg_class c, aclexplode(c.relacl) acl WHERE c.relkind IN ('r', 'v', 'p')
       UNION ALL
       SELECT acl.privilege_type, quote_ident(a.attname), format('TABLE %s', c.oid::regclass), c.relname, acl.grantee
       FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid, aclexplode(a.attacl) acl
       UNION ALL
       SELECT acl.privilege_type, NULL, format('FUNCTION %s', f.oid::regprocedure), f.proname, acl.grantee
       FROM pg_proc f, aclexplode(f.proacl) acl
     )
     SELECT format('%s%s ON %s', type, ' (' || col || ')', "on") AS right, name FROM held
     WHERE grantee = $1::regrole ORDER BY 1`,
    [kindRole(prefix, kind)],
  );
  return rows;
}

/** A statement that was run, ready to be asked about. */
interface Asked {
  text: string;
  /** Whether this login may run it: what it needs is looked at and nothing is run. */
  isAllowed(): Promise<boolean>;
}

async function statementsOf(app: string): Promise<{ asked: Asked[]; close(): Promise<void> }> {
  const client = new pg.Client({ connectionString: db.urlFor(app) });
  await client.connect();
  // Otherwise what is left of a statement without its values would be planned away, and its rights with it.
  await client.query('SET plan_cache_mode = force_generic_plan');
  const login = loginName(prefix, app);
  const owner = new URL(db.ownerUrl).username;
  const isOurs = (folder: string) => (each: RecordedStatement) =>
    each.login === login || (folder === 'packages/auth-client' && each.login !== owner && app !== 'identity-provider');
  const texts = [...recorded].flatMap(([folder, ran]) => ran.filter(isOurs(folder)).map(({ text }) => text));
  const asked: Asked[] = [];
  for (const [at, text] of [...new Set(texts)]
    .filter((each) => /^\s*(SELECT|INSERT|UPDATE|DELETE|WITH)\b/i.test(each))
    .entries()) {
    const name = `s${at}`;
    const prepared = await client.query(`PREPARE ${name} AS ${text}`).then(
      () => true,
      () => false,
    );
    if (!prepared) continue;
    const { rows } = await client.query(
      'SELECT cardinality(parameter_types) AS n FROM pg_prepared_statements WHERE name = $1',
      [name],
    );
    const values = Array.from({ length: rows[0].n }, () => 'NULL').join(', ');
    const explain = `EXPLAIN EXECUTE ${name}${values && `(${values})`}`;
    const isAllowed = () =>
      client.query(explain).then(
        () => true,
        (error: pg.DatabaseError) => {
          if (error.code === '42501') return false;
          throw error;
        },
      );
    // What the tests try and is refused needs no right.
    if (await isAllowed()) asked.push({ text, isAllowed });
  }
  return { asked, close: () => client.end() };
}

async function isNeeded(kind: LoginKind, { right, name }: Right, asked: Asked[]): Promise<boolean> {
  const role = kindRole(prefix, kind);
  await db.owner.query(`REVOKE ${right} FROM "${role}"`);
  try {
    const isFunction = right.startsWith('EXECUTE');
    for (const { text, isAllowed } of asked) {
      if ((isFunction || text.includes(name)) && !(await isAllowed())) return true;
    }
    return (isFunction || right.startsWith('SELECT')) && (await isUsedInside(role, name));
  } finally {
    await db.owner.query(`GRANT ${right} TO "${role}"`);
  }
}

/** Whether a function that runs with the rights of its caller reads or calls it, or an index of a table that this role
 * writes. */
async function isUsedInside(role: string, name: string): Promise<boolean> {
  const { rowCount } = await db.owner.query(
    `SELECT FROM pg_proc WHERE pronamespace = ANY ('{directory,app_sessions,credentials,protocol}'::regnamespace[])
       AND NOT prosecdef AND prosrc ~ ('\\m' || $1 || '\\M') AND has_function_privilege($2, oid, 'EXECUTE')
     UNION ALL
     SELECT FROM pg_index WHERE pg_get_expr(indexprs, indrelid) ~ ('\\m' || $1 || '\\M')
       AND has_any_column_privilege($2, indrelid, 'INSERT, UPDATE')`,
    [name, role],
  );
  return (rowCount ?? 0) > 0;
}

/** The rights of a kind that nothing needs. */
async function idleRightsOf(kind: LoginKind): Promise<string[]> {
  const logins = await Promise.all(appsOf[kind].map(statementsOf));
  const asked = logins.flatMap((each) => each.asked);
  expect(asked.length).toBeGreaterThan(30);
  const idle: string[] = [];
  for (const right of await rightsOf(kind)) if (!(await isNeeded(kind, right, asked))) idle.push(right.right);
  await Promise.all(logins.map(({ close }) => close()));
  return idle;
}

describe('S103b what a recorded run of all its tests needs, and no more, is granted to', () => {
  it.each(kinds)('the %s', async (kind) => expect(await idleRightsOf(kind)).toEqual([]));
});

it('S103b a right too many is found', async () => {
  const role = kindRole(prefix, 'console');
  await db.owner.query(
    `GRANT DELETE ON directory.access_rule TO "${role}"; GRANT UPDATE (phone) ON directory.person TO "${role}"`,
  );
  expect(await idleRightsOf('console')).toEqual([
    'DELETE ON TABLE directory.access_rule',
    'UPDATE (phone) ON TABLE directory.person',
  ]);
});
