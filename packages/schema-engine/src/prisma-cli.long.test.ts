import { appendFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { testServerUrl } from '@gatehouse/test-kit';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createScratchHistory, type ScratchHistory } from './testing/scratch-history.ts';

// Each run of the CLI takes seconds on a busy machine.
vi.setConfig({ testTimeout: 120_000 });

const note = 'CREATE TABLE note (id int PRIMARY KEY);';

let history: ScratchHistory;

beforeEach(async () => {
  history = await createScratchHistory(testServerUrl(), 'model note {\n  id Int @id\n}\n');
});

afterEach(() => history.close());

it('deploys to a database that does not exist, and sees what is by hand', async () => {
  await history.addMigration('1_note', note);
  const deploy = await history.prisma('migrate', 'deploy');
  expect(deploy, deploy.output).toMatchObject({ exitCode: 0 });

  await history.query('ALTER TABLE note ADD COLUMN oops int');
  const change = ['--from-config-datasource', '--to-schema', 'schema.prisma', '--exit-code'];
  const diff = await history.prisma('migrate', 'diff', ...change);
  expect(diff).toMatchObject({ exitCode: 2, output: expect.stringContaining('oops') });
});

it('migrate dev applies what is pending and writes the next migration', async () => {
  await history.addMigration('1_note', note);
  await appendFile(join(history.directory, 'schema.prisma'), 'model tag {\n  id Int @id\n}\n');
  const dev = await history.prisma('migrate', 'dev', '--name', 'tag');
  expect(dev, dev.output).toMatchObject({ exitCode: 0 });
  const written = (await readdir(join(history.directory, 'migrations'))).filter((name) => name.endsWith('_tag'));
  expect(await history.query('SELECT migration_name AS name FROM _prisma_migrations ORDER BY started_at')).toEqual([
    { name: '1_note' },
    { name: written[0] },
  ]);
});
