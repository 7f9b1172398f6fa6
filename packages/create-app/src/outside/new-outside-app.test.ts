import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { newOutsideApp } from './new-outside-app.ts';

const root = join(import.meta.dirname, '..', '..', '..', '..');

describe('an app in a repository of its own', { timeout: 60_000 }, () => {
  let parent: string;
  beforeEach(() => {
    parent = mkdtempSync(join(tmpdir(), 'gatehouse outside '));
  });
  afterEach(() => rmSync(parent, { recursive: true }));

  const make = (changes: Partial<Parameters<typeof newOutsideApp>[0]> = {}) =>
    newOutsideApp({
      name: 'parks',
      title: 'Parks',
      folder: join(parent, 'parks'),
      root,
      portBase: 30_600,
      issuer: 'http://localhost:30600',
      dryRun: false,
      ...changes,
    });
  const read = (path: string) => readFileSync(join(parent, 'parks', path), 'utf8');

  it('brings auth-client along, without its tests, and the versions of all that it needs', async () => {
    const { paths } = await make();
    expect(paths).toContain('packages/auth-client/src/auth-client.ts');
    expect(paths.filter((path) => /test/.test(path))).toEqual(['src/app.test.ts']);
    const { catalog } = parse(read('pnpm-workspace.yaml'));
    for (const file of paths.filter((path) => path.endsWith('package.json'))) {
      const { dependencies = {}, devDependencies = {} } = JSON.parse(read(file));
      for (const [name, version] of Object.entries({ ...dependencies, ...devDependencies })) {
        if (version === 'catalog:') expect(catalog, `${file}: ${name}`).toHaveProperty(name);
      }
    }
  });

  it('passes its own tests', () => {
    const cwd = join(root, 'packages', 'create-app', 'outside');
    const told = execFileSync('node', ['--test', 'src/*.test.ts'], {
      cwd,
      encoding: 'utf8',
      env: { PATH: process.env.PATH },
    });
    expect(told).toMatch(/pass [1-9]/);
  });

  it('keeps its secrets to its owner and out of git', async () => {
    await make();
    expect(statSync(join(parent, 'parks', '.env')).mode & 0o077).toBe(0);
    expect(read('.gitignore').split('\n')).toContain('.env');
    expect(read('.env')).toMatch(/^CLIENT_SECRET=$/m);
    const { redirect_uris: redirects, backchannel_logout_uri: logout } = JSON.parse(read('client.json'));
    expect([...redirects, logout].map((url) => new URL(url).origin)).toEqual(
      Array(2).fill(/^BASE_URL=(.*)$/m.exec(read('.env'))?.[1]),
    );
  });

  it('is only shown with --dry-run', async () => {
    expect((await make({ dryRun: true })).paths).toContain('src/app.ts');
    expect(readdirSync(parent)).toEqual([]);
  });

  it.each([
    ['a name of ours', { name: 'console' }, 'name_refused'],
    ['a hostile name', { name: '../x' }, 'name_refused'],
    ['a title of two lines', { title: 'a\nb' }, 'title_refused'],
    ['a folder in the checkout', { folder: join(root, 'apps', 'parks') }, 'folder_refused'],
  ])('is refused %s', async (_, changes, code) => {
    await expect(make(changes)).rejects.toMatchObject({ code });
    expect([readdirSync(parent), existsSync(join(root, 'apps', 'parks'))]).toEqual([[], false]);
  });

  it('is refused a folder with something in it, and takes an empty one', async () => {
    mkdirSync(join(parent, 'parks'));
    writeFileSync(join(parent, 'parks', 'mine.txt'), 'mine');
    await expect(make()).rejects.toMatchObject({ code: 'folder_refused' });
    rmSync(join(parent, 'parks', 'mine.txt'));
    await make();
    expect(read('client.json')).toContain('"client_name": "Parks"');
  });

  it('leaves nothing behind where it cannot be written', async () => {
    writeFileSync(join(parent, 'file'), '');
    await expect(make({ folder: join(parent, 'file', 'parks') })).rejects.toThrow();
    expect(readdirSync(parent)).toEqual(['file']);
  });
});
