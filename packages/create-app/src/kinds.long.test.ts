import { execFileSync } from 'node:child_process';
import { cpSync, globSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { loadManifests } from '@gatehouse/provisioning';
import { afterAll, describe, expect, it } from 'vitest';
import { kinds, layOver, readOverlay } from './plan/kind.ts';
import { manifestSource, type NewManifest } from './plan/manifest-source.ts';

const root = join(import.meta.dirname, '..', '..', '..');
const template = join(root, 'apps', 'template');
const manifest = (await loadManifests(root)).find(({ directory }) => directory === template)?.manifest as NewManifest;

/** What git tracks or would track below a folder. */
const filesIn = (folder: string) =>
  execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: folder,
    encoding: 'utf8',
  })
    .split('\0')
    .filter(Boolean)
    .map((path) => ({ path, content: readFileSync(join(folder, path)), executable: false }));

/** An app of each kind as the working tree has it, with the template's own identity, place and tables. */
describe.each(kinds.filter((kind) => kind !== 'page'))('an app of kind %s', (kind) => {
  const app = join(root, '.local', 'kinds', kind);
  const overlay = readOverlay(filesIn(join(root, 'packages', 'create-app', 'kinds', kind)));
  rmSync(app, { recursive: true, force: true });
  for (const { path, content } of layOver(filesIn(template), overlay)) {
    mkdirSync(dirname(join(app, path)), { recursive: true });
    writeFileSync(join(app, path), content);
  }
  writeFileSync(join(app, 'manifest.ts'), manifestSource({ ...manifest, ...overlay.manifest }));
  symlinkSync(join(template, 'node_modules'), join(app, 'node_modules'));
  cpSync(join(template, 'prisma', 'generated'), join(app, 'prisma', 'generated'), { recursive: true });
  afterAll(() => rmSync(app, { recursive: true, force: true }));

  const run = (tool: string, ...args: string[]) =>
    execFileSync(join(app, 'node_modules', '.bin', tool), args, { cwd: app, encoding: 'utf8' });

  it('takes away what the template has, and nothing else', () => {
    for (const path of overlay.without) expect(globSync(path, { cwd: template })).toEqual([path]);
  });

  it('has its types in order', () => {
    expect(run('tsc', '--noEmit')).toBe('');
  });

  it('passes its own tests', () => {
    expect(run('vitest', 'run', '--reporter=default')).toMatch(/\d+ passed/);
  });
});
