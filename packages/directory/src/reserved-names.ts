/**
 * Names that no app and no client may have, in the one spelling of `fold`. A client id is a folder, a package, a
 * cookie, a database login and, with underscores, a Postgres schema as well.
 */
const ours = `account identity-provider launcher owner provider provision provisioning
  app-sessions audit credentials directory information-schema postgres protocol public
  e2e gatehouse`.split(/\s+/);

/** Words that PostgreSQL reserves, as `pg_get_keywords()` lists them. */
const sql =
  `all analyse analyze and any array as asc asymmetric authorization binary both case cast check collate collation
  column concurrently constraint create cross current_catalog current_date current_role current_schema current_time
  current_timestamp current_user default deferrable desc distinct do else end except false fetch for foreign freeze from
  full grant group having ilike in initially inner intersect into is isnull join lateral leading left like limit
  localtime localtimestamp natural not notnull null offset on only or order outer overlaps placing primary references
  returning right select session_user similar some symmetric system_user table tablesample then to trailing true union
  unique user using variadic verbose when where window with`.split(/\s+/);

const reserved: ReadonlyMap<string, 'ours' | 'sql'> = new Map([
  ...sql.map((word) => [fold(word), 'sql'] as const),
  ...ours.map((name) => [name, 'ours'] as const),
]);

/** Prefixes of PostgreSQL's own names and of the roles of database logins. */
const prefixes = /^(pg|kind)-/;

/** Why nobody may have a name, however it is spelt: the organisation itself uses it, or SQL does. */
export function reservation(name: string): 'ours' | 'sql' | undefined {
  const folded = fold(name);
  return prefixes.test(folded) ? 'ours' : reserved.get(folded);
}

/**
 * Whether it names an app that every organisation has, also before it is provisioned: those own the name themselves.
 */
export const isBuiltIn = (name: string): boolean => ['console', 'template'].includes(fold(name));

/** Capitals, compatibility characters and what stands between words make no other name. */
function fold(name: string): string {
  return name
    .normalize('NFKC')
    .toLowerCase()
    .trim()
    .replaceAll(/[\s_.-]+/g, '-');
}

/** The Postgres schema of an app with tables of its own: `street_works`. */
export const schemaOf = (clientId: string): string => clientId.replaceAll('-', '_');
