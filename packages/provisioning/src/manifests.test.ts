import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { loadManifests } from './manifests.ts';

let root: string;
beforeEach(() => (root = mkdtempSync(join(tmpdir(), 'manifests-'))));
afterEach(() => rmSync(root, { recursive: true }));

function write(folder: string, changes: object = {}): void {
  mkdirSync(join(root, 'apps', folder), { recursive: true });
  const manifest = { clientId: folder, title: 'Grants', description: 'Grants', portOffset: 9, roles: {}, ...changes };
  writeFileSync(join(root, 'apps', folder, 'manifest.ts'), `export default ${JSON.stringify(manifest)};`);
}

it('S104 reads the manifests of the apps, each in the folder of its name', async () => {
  write('grants', { schema: 'grants' });
  expect((await loadManifests(root)).map(({ manifest }) => manifest.clientId)).toEqual(['grants']);
});

it.each([
  ['another app’s client id', { clientId: 'finance' }, /has the client id finance; it has to be grants/],
  ['another app’s schema', { schema: 'finance' }, /the schema of this app is grants/],
  ['the console’s kind', { kind: 'console' }, /only the console/],
  ['what no manifest has', { databasePassword: 'x' }, /Unrecognized key/],
])('S104 refuses a manifest, however it was made, with %s', async (_, changes, message) => {
  write('grants', changes);
  await expect(loadManifests(root)).rejects.toThrow(message);
});
