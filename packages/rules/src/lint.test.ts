import { beforeAll, describe, expect, it } from 'vitest';
import { lintFixtures } from './lint-fixtures.ts';

const imports = 'eslint(no-restricted-imports)';
const load = (specifier: string, names = '* as it') =>
  `import ${names} from '${specifier}';\nexport const used = it;\n`;

interface Case {
  title: string;
  refused: [path: string, source: string];
  allowed: [path: string, source: string];
  rule: string;
}

const wall = (title: string, specifier: string, refusedIn: string, allowedIn: string): Case => ({
  title,
  rule: imports,
  refused: [refusedIn, load(specifier)],
  allowed: [allowedIn, load(specifier)],
});

/** Every place of a department app from which somebody might import. */
const places = [
  'manifest.ts',
  'src/deep-a.ts',
  'src/claims/deep-b.ts',
  'src/claims/rules/deep-c.ts',
  'src/claims/deep-d.mts',
  'src/claims/deep-e.js',
  'prisma/seed.ts',
  'jobs/nightly.ts',
  'loose.ts',
];
/** What no department app imports, nor, where it is a wall for all apps, the others. */
const walls = ['@gatehouse/accounts', '@gatehouse/clients', '@gatehouse/prisma', '@gatehouse/directory/manage', 'pg'];
const forms = [
  (name: string) => load(name),
  (name: string) => `export * from '${name}';\n`,
  (name: string) => `import { type Thing } from '${name}';\nexport type Used = Thing;\n`,
];
/** One file for each wall, place and form; in a type, `pg` may be named. */
const everywhere = walls.flatMap((specifier, wall) =>
  places.flatMap((place, at) =>
    forms.flatMap((form, kind) => {
      const path = `apps/finance/${place}`
        .replace(/([^/.]+)\./, `$1-${wall}${at}${kind}.`)
        .replace(/manifest-\d+/, 'manifest');
      const isTypes = kind === 2 && (specifier === 'pg' || place.endsWith('.js'));
      return isTypes ? [] : [{ path, specifier, source: form(specifier) }];
    }),
  ),
);

const cases: Case[] = [
  wall('department apps never see accounts', '@gatehouse/accounts', 'apps/finance/src/a.ts', 'apps/console/src/a.ts'),
  wall(
    'only the console changes the directory',
    '@gatehouse/directory/manage',
    'apps/finance/src/b.ts',
    'apps/console/src/b.ts',
  ),
  wall('only server.ts of an app connects', '@gatehouse/prisma', 'apps/finance/src/c.ts', 'apps/finance/src/server.ts'),
  wall('only server.ts has the driver', 'pg', 'apps/console/src/c.ts', 'apps/console/src/server.ts'),
  {
    title: 'only server.ts of the provider connects',
    rule: imports,
    refused: ['apps/identity-provider/src/a.ts', load('@gatehouse/prisma', '{ connect as it }')],
    allowed: ['apps/identity-provider/src/server.ts', load('@gatehouse/prisma', '{ connect as it }')],
  },
  wall(
    'oidc-provider stands in protocol/ only',
    'oidc-provider',
    'apps/identity-provider/src/interaction/a.ts',
    'apps/identity-provider/src/protocol/a.ts',
  ),
  wall(
    'openid-client stands in one file only',
    'openid-client',
    'packages/auth-client/src/a.ts',
    'packages/auth-client/src/openid-client.ts',
  ),
  wall('audit reads no directory', '@gatehouse/directory', 'packages/audit/src/a.ts', 'packages/accounts/src/a.ts'),
  wall('directory knows no accounts', '@gatehouse/accounts', 'packages/directory/src/a.ts', 'apps/console/src/d.ts'),
  wall('web knows no auth-client', '@gatehouse/auth-client', 'packages/web/src/a.ts', 'apps/finance/src/d.ts'),
  wall('auth-client knows no Prisma', '@gatehouse/prisma', 'packages/auth-client/src/b.ts', 'packages/audit/src/b.ts'),
  {
    title: 'nothing imports an app',
    rule: imports,
    refused: ['packages/launcher/src/a.ts', load('@gatehouse/finance')],
    allowed: ['packages/launcher/src/b.ts', load('@gatehouse/directory')],
  },
  {
    title: 'the environment is read where a process starts',
    rule: 'node(no-process-env)',
    refused: ['apps/finance/src/e.ts', 'export const home = process.env.HOME;\n'],
    allowed: ['apps/human-resources/src/server.ts', 'export const home = process.env.HOME;\n'],
  },
  {
    title: 'promises do not float',
    rule: 'typescript(no-floating-promises)',
    refused: ['apps/finance/src/f.ts', 'export function f(p: Promise<void>) {\n  p.then(() => 1);\n}\n'],
    allowed: ['apps/finance/src/g.ts', 'export async function f(p: Promise<void>) {\n  await p;\n}\n'],
  },
  {
    title: 'a promise is not a condition',
    rule: 'typescript(no-misused-promises)',
    refused: ['apps/finance/src/h.ts', 'export const f = (p: Promise<boolean>) => (p ? 1 : 2);\n'],
    allowed: ['apps/finance/src/i.ts', 'export const f = async (p: Promise<boolean>) => ((await p) ? 1 : 2);\n'],
  },
  {
    title: 'nothing is any',
    rule: 'typescript(no-explicit-any)',
    refused: ['apps/finance/src/j.ts', 'export const f = (x: any) => typeof x;\n'],
    allowed: ['apps/finance/src/k.ts', 'export const f = (x: unknown) => typeof x;\n'],
  },
  {
    title: 'nothing is left unused',
    rule: 'eslint(no-unused-vars)',
    refused: ['apps/finance/src/l.ts', 'const unused = 1;\nexport {};\n'],
    allowed: ['apps/finance/src/m.ts', 'export const used = 1;\n'],
  },
  {
    title: 'equal means equal',
    rule: 'eslint(eqeqeq)',
    refused: ['apps/finance/src/n.ts', 'export const f = (x: number) => x == 1;\n'],
    allowed: ['apps/finance/src/o.ts', 'export const f = (x: number) => x === 1;\n'],
  },
  {
    title: 'apps log, they do not print',
    rule: 'eslint(no-console)',
    refused: ['apps/finance/src/p.ts', "console.log('hello');\nexport {};\n"],
    allowed: ['packages/launcher/src/p.ts', "console.log('hello');\nexport {};\n"],
  },
  {
    title: 'files stay short',
    rule: 'eslint(max-lines)',
    refused: ['apps/finance/src/q.ts', `export const lines = [${'\n  1,'.repeat(300)}\n];\n`],
    allowed: ['apps/finance/src/r.ts', `export const lines = [${'\n  1,'.repeat(250)}\n];\n`],
  },
];

describe('oxlint', () => {
  let broken: Map<string, string[]>;

  beforeAll(() => {
    const inPlaces = everywhere.map(({ path, source }) => [path, source]);
    const single = cases.flatMap(({ refused, allowed }) => [refused, allowed]);
    broken = lintFixtures(Object.fromEntries([...inPlaces, ...single]));
  }, 120_000);

  it('S104b every wall of a department app stands at every depth and in every kind of place', () => {
    const open = everywhere.filter(({ path }) => !broken.get(path)?.includes(imports));
    expect(open.map(({ path, specifier }) => `${path} may import ${specifier}`)).toEqual([]);
    expect(everywhere.length).toBeGreaterThan(120);
  });

  it.each(cases)('$title', ({ rule, refused, allowed }) => {
    expect(broken.get(refused[0])).toEqual([rule]);
    expect(broken.get(allowed[0]) ?? []).toEqual([]);
  });
});
