import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Exceptions } from './exceptions.ts';

/**
 * How an app differs from the template, as its kind begins, in what all apps have in common: its composition root, its scripts and the
 * packages that it depends on. Versions cannot differ: they come from the catalog.
 * @returns one line for each difference that the exceptions do not name; empty when there is none
 */
export function driftOf(app: string, template: string, exceptions: Exceptions = {}): string[] {
  const [own, its] = [readPackage(app), readPackage(template)];
  const begun = (file: string) => read(kindHas(own.kind, file) ? join(kinds, own.kind ?? '') : template, file);
  const differences = [
    ...compare('script', Object.entries(own.scripts).map(command), Object.entries(its.scripts).map(command)),
    ...compare('dependency', Object.keys(own.dependencies), Object.keys(its.dependencies)),
    ...compare('devDependency', Object.keys(own.devDependencies), Object.keys(its.devDependencies)),
    ...compare('import of app.ts', composition(read(app, 'src/app.ts')), composition(begun('src/app.ts'))),
  ];
  const { more = {}, less = {}, composition: composed = {}, server } = exceptions;
  const isNamed = ({ kind, what }: Difference) => what in (kind === 'missing' ? less : { ...more, ...composed });
  const lines = differences.filter((each) => !isNamed(each)).map(({ kind, of, what }) => `${kind} ${of}: ${what}`);
  const isOwnRoot = read(app, 'src/server.ts') !== begun('src/server.ts');
  return isOwnRoot && !server ? [...lines, 'src/server.ts is not the template’s'] : lines;
}

interface Difference {
  kind: 'missing' | 'additional';
  of: string;
  what: string;
}

function compare(of: string, own: string[], its: string[]): Difference[] {
  const missing = its.filter((what) => !own.includes(what)).map((what) => ({ kind: 'missing' as const, of, what }));
  const additional = own.filter((what) => !its.includes(what));
  return [...missing, ...additional.map((what) => ({ kind: 'additional' as const, of, what }))];
}

const command = ([name, script]: [string, string]) => `${name}: ${script}`;

/** The values that `app.ts` takes from Express and from the packages that every app is composed of. */
function composition(source: string): string[] {
  const imports = source.matchAll(
    /^import (?!type )(\w+|\{[^}]*\}) from '(express|@gatehouse\/(?:auth-client|web)[^']*)'/gm,
  );
  const names = [...imports].flatMap(([, list = '']) => list.replace(/[{}]/g, '').split(','));
  return names.map((name) => name.trim()).filter((name) => name && !name.startsWith('type '));
}

const read = (app: string, file: string) => readFileSync(join(app, file), 'utf8');

/** What an app of another kind has in place of the template's files. */
const kinds = join(import.meta.dirname, '..', '..', 'kinds');
const kindHas = (kind: string | undefined, file: string) => kind !== undefined && existsSync(join(kinds, kind, file));

type Names = Record<string, string>;

const readPackage = (app: string): { kind?: string; scripts: Names; dependencies: Names; devDependencies: Names } =>
  JSON.parse(read(app, 'package.json'));
