import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Exceptions } from './exceptions.ts';

/**
 * How an app differs from the template in what all apps have in common: its composition root, its scripts and the
 * packages that it depends on. Versions cannot differ: they come from the catalog.
 * @returns one line for each difference that the exceptions do not name; empty when there is none
 */
export function driftOf(app: string, template: string, exceptions: Exceptions = {}): string[] {
  const [own, its] = [readPackage(app), readPackage(template)];
  const differences = [
    ...compare('script', Object.entries(own.scripts).map(command), Object.entries(its.scripts).map(command)),
    ...compare('dependency', Object.keys(own.dependencies), Object.keys(its.dependencies)),
    ...compare('devDependency', Object.keys(own.devDependencies), Object.keys(its.devDependencies)),
    ...compare('import of app.ts', composition(app), composition(template)),
  ];
  const { more = {}, less = {}, composition: composed = {}, server } = exceptions;
  const isNamed = ({ kind, what }: Difference) => what in (kind === 'missing' ? less : { ...more, ...composed });
  const lines = differences.filter((each) => !isNamed(each)).map(({ kind, of, what }) => `${kind} ${of}: ${what}`);
  const isOwnRoot = read(app, 'src/server.ts') !== read(template, 'src/server.ts');
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
function composition(app: string): string[] {
  const imports = read(app, 'src/app.ts').matchAll(
    /^import (?!type )(\w+|\{[^}]*\}) from '(express|@gatehouse\/(?:auth-client|web)[^']*)'/gm,
  );
  const names = [...imports].flatMap(([, list = '']) => list.replace(/[{}]/g, '').split(','));
  return names.map((name) => name.trim()).filter((name) => name && !name.startsWith('type '));
}

const read = (app: string, file: string) => readFileSync(join(app, file), 'utf8');

type Names = Record<string, string>;

const readPackage = (app: string): { scripts: Names; dependencies: Names; devDependencies: Names } =>
  JSON.parse(read(app, 'package.json'));
