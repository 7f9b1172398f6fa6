import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createTestDatabase, type TestDatabase } from '@gatehouse/test-kit';
import { afterAll, beforeAll, expect, it } from 'vitest';

let db: TestDatabase;
let folder: string;
const metadata = { client_id: 'library', redirect_uris: ['http://localhost:7100/cb'], require_pkce: false };

beforeAll(async () => {
  db = await createTestDatabase();
  folder = mkdtempSync(join(tmpdir(), 'client-'));
  writeFileSync(join(folder, 'library.json'), JSON.stringify(metadata));
  writeFileSync(join(folder, 'wrong.json'), JSON.stringify({ redirect_uris: ['x'], access: 'some' }));
});
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await db.close();
});

const environment = () => ({
  BASE_URL: 'http://localhost:4000',
  OWNER_DATABASE_URL: db.ownerUrl,
  ENCRYPTION_KEY: Buffer.from(db.encryptionKey, 'base64url').toString('base64url'),
});
const client = (args: string[], env: NodeJS.ProcessEnv = environment()) =>
  promisify(execFile)(process.execPath, [join(import.meta.dirname, 'main.ts'), ...args], { cwd: folder, env });
const answer = async (...args: string[]) => JSON.parse((await client(args)).stdout);

it('P44 adds, updates, lists, rotates, retires and removes, each time with JSON alone on standard output', async () => {
  const added = await answer('add', 'library.json', '--access', 'rules');
  expect(added).toMatchObject({ ...metadata, access: 'rules', issuer: 'http://localhost:4000' });
  expect(added.client_secret).toMatch(/^[\w-]{43}$/);
  expect(await answer('list')).toContainEqual(expect.objectContaining({ client_id: 'library', access: 'rules' }));
  expect(JSON.stringify(await answer('list'))).not.toContain(added.client_secret);
  expect(await answer('update', 'library', 'library.json')).toEqual({ client_id: 'library', changed: ['access'] });
  const rotated = await answer('rotate', 'library', '--previous-until', '2999-01-01');
  expect(rotated).toMatchObject({ client_id: 'library', previous_secret_expires_at: Date.UTC(2999, 0) / 1000 });
  expect(await answer('retire', 'library')).toEqual({ client_id: 'library', previous_secret: 'retired' });
  expect(await answer('remove', 'library')).toEqual({ client_id: 'library', removed: true, ended: 0 });
});

it.each([
  [
    'a file that is wrong',
    ['add', 'wrong.json'],
    /redirect_uris\[0\]: must be an absolute URL\n {2}access: must be one of/,
  ],
  ['a file that is not there', ['add', 'nowhere.json'], /nowhere\.json cannot be read/],
  ['an update without a file', ['update', 'library'], /Name the file with the metadata/],
  ['an unknown command', ['paint'], /There is no client paint/],
  ['an unknown option', ['list', '--colour'], /--colour/],
  ['a client that is not there', ['remove', 'nobody'], /There is no client nobody/],
  ['a date that has passed', ['rotate', 'library', '--previous-until', '2001-01-01'], /in the future/],
])('says what is wrong with %s, with nothing on standard output', async (_, args, text) => {
  await expect(client(args)).rejects.toMatchObject({ code: 1, stdout: '', stderr: expect.stringMatching(text) });
});

it('names every variable that is missing', async () => {
  await expect(client(['list'], {})).rejects.toMatchObject({
    stderr: expect.stringMatching(/BASE_URL[^]*OWNER_DATABASE_URL[^]*ENCRYPTION_KEY/),
  });
});
