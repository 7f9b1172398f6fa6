import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const root = join(import.meta.dirname, '..', '..', '..');
const read = (path: string) => readFileSync(join(root, path), 'utf8');
const tutorial = read('docs/your-first-app.md');
const blocks = [...tutorial.matchAll(/```(\w+) ?(\S*)\n([^]*?)```/g)].map(([, kind, file = '', text = '']) => {
  return { kind, file, lines: text.trimEnd().split('\n') };
});

it('the tutorial’s changes fit the app that new-app makes, one after the other', () => {
  const files = new Map<string, string>();
  const diffs = blocks.filter(({ kind }) => kind === 'diff');
  for (const { file, lines } of diffs) {
    const source = files.get(file) ?? read(file.replace('apps/grants', 'apps/template'));
    const side = (mark: string) => lines.flatMap((line) => (line[0] === mark ? [] : [line.slice(1)])).join('\n');
    expect(source.split(side('+')), `${file}: ${side('+')}`).toHaveLength(2);
    files.set(
      file,
      source.replace(side('+'), () => side('-')),
    );
  }
  expect(files.size).toBe(3);
});

it('the tutorial’s commands exist', () => {
  const { scripts } = JSON.parse(read('package.json'));
  const named = [...tutorial.matchAll(/(?:pnpm|npm) ([a-z][\w-]*)/g)].map(([, name = '']) => name);
  expect(named).toContain('new-app');
  for (const name of named) expect(Object.keys(scripts), name).toContain(name);
});
