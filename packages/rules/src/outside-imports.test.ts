import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { outsideImports } from './outside-imports.ts';
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

it('no package reaches into another by a relative path', () => {
  const files = globSync('{apps,packages,prisma}/**/*.ts', {
    cwd: root,
    exclude: (path) => /(^|\/)(node_modules|generated)(\/|$)/.test(path),
  });
  expect(files.length).toBeGreaterThan(100);
  const outside = files
    .filter((file) => !file.startsWith('packages/rules/'))
    .flatMap((file) =>
      outsideImports(file, readFileSync(join(root, file), 'utf8')).map((found) => `${file}: ${found}`),
    );
  expect(outside).toEqual([]);
});
