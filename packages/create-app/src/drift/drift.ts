import type { Exceptions } from './exceptions.ts';

/** Reads a file of an app or of the template, by its path below the app. */
export type ReadFile = (path: string) => string;

/**
 * How an app differs from the template in what all apps have in common: its composition root, its scripts and the
 * packages that it depends on. Versions cannot differ: they come from the catalog.
 * @returns one line for each difference that the exceptions do not name, and one for each exception that no difference
 * needs; empty when there is neither
 */
export function driftOf(app: ReadFile, template: ReadFile, exceptions: Exceptions = {}): string[] {
  const differences = differencesOf(app, template);
  const { more = {}, less = {}, composition = {}, server } = exceptions;
  const named = {
    additional: new Set([...Object.keys(more), ...Object.keys(composition)]),
    missing: new Set(Object.keys(less)),
    different: new Set(server ? [compositionRoot] : []),
  };
  const unnamed = differences.filter(({ kind, what }) => !named[kind].has(what));
  const unneeded = Object.entries(named).flatMap(([kind, names]) =>
    [...names].filter((name) => !differences.some((each) => each.kind === kind && each.what === name)),
  );
  return [
    ...unnamed.map(({ kind, of, what }) => `${kind} ${of}: ${what}`),
    ...unneeded.map((name) => `exception that nothing needs: ${name}`),
  ];
}

interface Difference {
  kind: 'missing' | 'additional' | 'different';
  of: string;
  what: string;
}

const compositionRoot = 'src/server.ts';

function differencesOf(app: ReadFile, template: ReadFile): Difference[] {
  const [own, its] = [readPackage(app), readPackage(template)];
  const isOwnRoot = app(compositionRoot) !== template(compositionRoot);
  return [
    ...compare('script', Object.entries(own.scripts).map(command), Object.entries(its.scripts).map(command)),
    ...compare('dependency', Object.keys(own.dependencies), Object.keys(its.dependencies)),
    ...compare('devDependency', Object.keys(own.devDependencies), Object.keys(its.devDependencies)),
    ...compare('import of app.ts', composition(app), composition(template)),
    ...(isOwnRoot ? [{ kind: 'different' as const, of: 'composition root', what: compositionRoot }] : []),
  ];
}

function compare(of: string, own: string[], its: string[]): Difference[] {
  const missing = its.filter((what) => !own.includes(what)).map((what) => ({ kind: 'missing' as const, of, what }));
  const additional = own.filter((what) => !its.includes(what));
  return [...missing, ...additional.map((what) => ({ kind: 'additional' as const, of, what }))];
}

const command = ([name, script]: [string, string]) => `${name}: ${script}`;

/** The values that `app.ts` takes from Express and from the packages that every app is composed of. */
function composition(app: ReadFile): string[] {
  const imports = app('src/app.ts').matchAll(
    /^import (?!type )(\w+|\{[^}]*\}) from '(express|@gatehouse\/(?:auth-client|web)[^']*)'/gm,
  );
  const names = [...imports].flatMap(([, list = '']) => list.replace(/[{}]/g, '').split(','));
  return names.map((name) => name.trim()).filter((name) => name && !name.startsWith('type '));
}

type Names = Record<string, string>;

const readPackage = (app: ReadFile): { scripts: Names; dependencies: Names; devDependencies: Names } =>
  JSON.parse(app('package.json'));
