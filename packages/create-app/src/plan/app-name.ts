import { isBuiltIn, reservation } from '@gatehouse/directory/reserved-names';
import { CreateAppError } from '../errors.ts';

const longest = 30;

/**
 * The name, if an app can have it: it becomes a folder, a package, a client id, a cookie, a database login and, with
 * underscores, a Postgres schema.
 * @param taken names of apps and packages that are there
 * @throws {CreateAppError} name_refused
 */
export function requireAppName(name: string, taken: ReadonlySet<string>): string {
  const reason = reasonAgainst(name, taken);
  if (reason) throw new CreateAppError('name_refused', `An app cannot be called ${JSON.stringify(name)}: ${reason}.`);
  return name;
}

function reasonAgainst(name: string, taken: ReadonlySet<string>): string | undefined {
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name)) {
    return 'use lower-case letters a to z and digits, in words joined by single hyphens, such as grants or street-works';
  }
  if (name.length > longest) return `it has ${name.length} characters, and ${longest} is the most`;
  if (isBuiltIn(name) || reservation(name) === 'ours') return 'the organisation itself uses this name';
  if (taken.has(name)) return 'there is an app or a package of this name';
  if (reservation(name) === 'sql') return 'SQL reserves this word, and it would be the name of a Postgres schema';
  return undefined;
}
