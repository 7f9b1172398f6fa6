import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const template = join(import.meta.dirname, '..', '..', '..', 'apps', 'template');
const NOT_COUNTED = new Set(['node_modules', 'prisma', '.local', '.turbo']);

it('C38 keeps the template at ten files and 250 lines: what is common to apps belongs into packages', () => {
  const files = globSync('**/*', { cwd: template, withFileTypes: true, exclude: ({ name }) => NOT_COUNTED.has(name) })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name));
  const lines = files.flatMap((file) => readFileSync(file, 'utf8').trimEnd().split('\n'));
  expect(files.length).toBeGreaterThan(5);
  expect(files.length).toBeLessThanOrEqual(10);
  expect(lines.length).toBeLessThanOrEqual(250);
});
