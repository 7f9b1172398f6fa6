import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { loadedPackages, outsideImports } from './outside-imports.ts';
import { root } from './root.ts';

it.each([
  ['a sibling app', 'apps/finance/src/a.ts', "import { leave } from '../../human-resources/src/leave.ts';"],
  ['a package', 'apps/finance/src/a.ts', "export * from '../../../packages/web/src/index.ts';"],
  [
    'the user database’s generated client',
    'apps/finance/src/a.ts',
    "await import('../../../prisma/generated/client.ts')",
  ],
])('sees an import that reaches into %s', (_title, path, source) => {
  expect(outsideImports(path, source)).toHaveLength(1);
});

it.each([
  ['an app’s own client', 'apps/finance/src/claims/a.ts', "import { x } from '../../prisma/generated/client.ts';"],
  ['a neighbour', 'packages/web/src/a.ts', "import './b.ts';"],
  ['the public door of a package', 'apps/finance/src/a.ts', "import { createWebApp } from '@gatehouse/web';"],
])('lets pass %s', (_title, path, source) => {
  expect(outsideImports(path, source)).toEqual([]);
});

const sources = (pattern: string) =>
  globSync(pattern, { cwd: root, exclude: (path) => /(^|\/)(node_modules|generated)(\/|$)/.test(path) }).filter(
    (file) => !file.startsWith('packages/rules/'),
  );
const found = (files: string[], look: (path: string, source: string) => string[]) =>
  files.flatMap((file) => look(file, readFileSync(join(root, file), 'utf8')).map((each) => `${file}: ${each}`));

it('no package reaches into another by a relative path', () => {
  const files = sources('{apps,packages,prisma}/**/*.{ts,mts,js,mjs}');
  expect(files.length).toBeGreaterThan(100);
  expect(found(files, outsideImports)).toEqual([]);
});

it.each([
  "await import('@gatehouse/accounts')",
  "const pg = require('pg')",
  "createRequire(import.meta.url)('pg')",
  'import.meta.resolve("@gatehouse/accounts")',
  'import(`oidc-provider`)',
])('S104b sees what is loaded past the walls: %s', (source) => {
  expect(loadedPackages(source).length).toBeGreaterThan(0);
});

it('S104b no app loads packages of ours while it runs, though libraries of others may come late', () => {
  expect(loadedPackages("await import('cheerio'); import { Pool } from 'pg';")).toEqual([]);
  const files = sources('{apps,packages/{web,auth-client,audit,directory,accounts,clients,mail}}/**/*.{ts,mts,js,mjs}');
  const inApps = files.filter((file) => !/\.test\.ts$|\/testing\/|^apps\/e2e\//.test(file));
  expect(inApps.length).toBeGreaterThan(100);
  expect(found(inApps, (_, source) => loadedPackages(source))).toEqual([]);
});
