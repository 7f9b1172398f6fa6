import { spawn } from 'node:child_process';
import { createScratchHistory, type ScratchHistory } from '@gatehouse/schema-engine/testing';
import { testServerUrl } from '@gatehouse/test-kit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { migrate, pendingMigrations } from './migrate.ts';

const note = 'CREATE TABLE note (id int PRIMARY KEY);';

let history: ScratchHistory;

beforeEach(async () => {
  history = await createScratchHistory(testServerUrl());
});

afterEach(() => history.close());

const options = () => ({ ownerUrl: history.url, directory: history.directory });
const pending = () => pendingMigrations(history.url, history.directory);

it('applies what the folder has and the database has not, and then nothing', async () => {
  await history.addMigration('1_note', note);
  expect(await migrate(options())).toEqual(['1_note']);
  expect(await migrate(options())).toEqual([]);

  await history.addMigration('2_tag', 'CREATE TABLE tag (id int PRIMARY KEY);');
  expect(await pending()).toEqual(['2_tag']);
  expect(await migrate(options())).toEqual(['2_tag']);
  expect(await history.query("SELECT to_regclass('tag')::text AS tag")).toEqual([{ tag: 'tag' }]);
});

it('lets four start together', async () => {
  await history.addMigration('1_note', `${note} SELECT pg_sleep(0.2);`);
  await history.addMigration('2_row', 'INSERT INTO note VALUES (1);');
  await Promise.all([1, 2, 3, 4].map(() => migrate(options())));
  expect(await history.query('SELECT id FROM note')).toEqual([{ id: 1 }]);
});

it('refuses an applied migration that was edited since', async () => {
  await history.addMigration('1_note', note);
  await migrate(options());
  await history.addMigration('1_note', `${note} -- edited`);
  await expect(migrate(options())).rejects.toMatchObject({
    code: 'migration_edited',
    message: expect.stringContaining('1_note'),
  });
});

it('reports a failed migration, then refuses to go on until it is resolved', async () => {
  await history.addMigration('1_note', `${note} SELECT 1 / 0;`);
  await expect(migrate(options())).rejects.toMatchObject({
    code: 'migrate_failed',
    message: expect.stringContaining('division by zero'),
  });
  await expect(migrate(options())).rejects.toMatchObject({
    code: 'migration_failed',
    message: expect.stringContaining('1_note'),
  });

  await history.prisma('migrate', 'resolve', '--rolled-back', '1_note');
  await history.addMigration('1_note', note);
  expect(await migrate(options())).toEqual(['1_note']);
}, 60_000); // Prisma's CLI takes seconds on a busy machine.

it('applies again what was interrupted half way', async () => {
  await history.addMigration('1_note', note);
  await migrate(options());
  await history.addMigration('2_tag', 'CREATE TABLE tag (id int PRIMARY KEY); SELECT pg_sleep(60);');
  const script = `await (await import('./migrate.ts')).migrate(${JSON.stringify(options())})`;
  const migrating = spawn(process.execPath, ['--input-type=module', '-e', script], { cwd: import.meta.dirname });
  const applying = `SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'PgSleep'`;
  await expect.poll(() => history.query(applying), { timeout: 40_000 }).toHaveLength(1);
  migrating.kill('SIGKILL');
  await history.query(`SELECT pg_terminate_backend(pid) FROM (${applying}) AS applying`);

  await history.addMigration('2_tag', 'CREATE TABLE tag (id int PRIMARY KEY);');
  expect(await migrate(options())).toEqual(['2_tag']);
  expect(await history.query("SELECT to_regclass('tag')::text AS tag")).toEqual([{ tag: 'tag' }]);
});

describe('an app’s own history', () => {
  let app: ScratchHistory;

  beforeEach(async () => {
    app = await createScratchHistory(testServerUrl());
  });

  afterEach(() => app.close());

  it('stands in its own schema beside the others', async () => {
    await history.addMigration('1_note', note);
    await migrate(options());
    await app.addMigration('1_claim', 'CREATE TABLE claim (id int PRIMARY KEY);');
    const own = { ownerUrl: history.url, directory: app.directory, schema: 'finance' };
    expect(await migrate(own)).toEqual(['1_claim']);
    expect(await migrate(own)).toEqual([]);

    expect(await history.query("SELECT to_regclass('finance.claim')::text AS claim")).toEqual([
      { claim: 'finance.claim' },
    ]);
    const names = (schema: string) => history.query(`SELECT migration_name AS name FROM ${schema}._prisma_migrations`);
    expect(await names('finance')).toEqual([{ name: '1_claim' }]);
    expect(await names('public')).toEqual([{ name: '1_note' }]);
    expect(await pending()).toEqual([]);
  });
});
