import { join } from 'node:path';
import { testServerUrl } from '@gatehouse/test-kit';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { readMigrations } from './deploy.ts';
import { type BridgeProcess, runBridgeCommand, startBridge } from './testing/bridge-process.ts';
import { createScratchHistory, type ScratchHistory } from './testing/scratch-history.ts';

const note = 'CREATE TABLE note (id int PRIMARY KEY, body text NOT NULL);';
const filters = { externalTables: [], externalEnums: [] };

// Starting processes takes seconds on a busy machine.
vi.setConfig({ testTimeout: 60_000 });

let history: ScratchHistory;
let bridges: BridgeProcess[];

beforeEach(async () => {
  history = await createScratchHistory(testServerUrl());
  bridges = [];
});

afterEach(async () => {
  await Promise.all(bridges.map((bridge) => bridge.stop()));
  await history.close();
});

function start(): BridgeProcess {
  const bridge = startBridge(history.url, join(history.directory, 'schema.prisma'));
  bridges.push(bridge);
  return bridge;
}

const migrations = () => readMigrations(join(history.directory, 'migrations'));

const apply = async (bridge: BridgeProcess) =>
  bridge.call('applyMigrations', { migrationsList: await migrations(), filters });

const withUrl = (changes: Partial<URL>) => Object.assign(new URL(history.url), changes).href;

it('takes function bodies and strings with semicolons as they are', async () => {
  await runBridgeCommand(history.url, 'create-database');
  await history.addMigration(
    '1_bodies',
    `${note}
     INSERT INTO note VALUES (1, 'semi; colon');
     CREATE FUNCTION shout() RETURNS trigger LANGUAGE plpgsql AS $$
     BEGIN
       NEW.body := upper(NEW.body) || ';';
       RETURN NEW;
     END; $$;
     CREATE TRIGGER shout BEFORE INSERT ON note FOR EACH ROW EXECUTE FUNCTION shout();
     INSERT INTO note VALUES (2, 'a; b');`,
  );
  expect(await apply(start())).toMatchObject({ result: { appliedMigrationNames: ['1_bodies'] } });
  expect(await history.query('SELECT body FROM note ORDER BY id')).toEqual([
    { body: 'semi; colon' },
    { body: 'A; B;' },
  ]);
});

it('takes back a failed migration as a whole and goes on once it is resolved', async () => {
  await runBridgeCommand(history.url, 'create-database');
  await history.addMigration('1_note', `${note} SELECT 1 / 0;`);
  const bridge = start();
  expect((await apply(bridge)).error?.data?.message).toContain('division by zero');
  expect(await history.query("SELECT to_regclass('note') AS note")).toEqual([{ note: null }]);
  expect((await apply(bridge)).error?.data).toMatchObject({ error_code: 'P3009' });

  expect(await bridge.call('markMigrationRolledBack', { migrationName: '1_note' })).toMatchObject({ result: {} });
  await history.addMigration('1_note', note);
  expect(await apply(bridge)).toMatchObject({ result: { appliedMigrationNames: ['1_note'] } });
});

it('applies each migration once when four deploys start together on a database that does not exist', async () => {
  await history.addMigration('1_note', note);
  await history.addMigration('2_slow', 'SELECT pg_sleep(0.2); INSERT INTO note VALUES (1, $$once$$);');
  const deploys = [1, 2, 3, 4].map(async () => {
    expect(await runBridgeCommand(history.url, 'create-database')).toMatchObject({ exitCode: 0 });
    const bridge = start();
    const { result } = await apply(bridge);
    await bridge.stop(); // its connection holds the lock that the others wait for
    return result?.appliedMigrationNames;
  });
  const names = await Promise.all(deploys);
  expect(names.flat()).toEqual(['1_note', '2_slow']);
  expect(await history.query('SELECT body FROM note')).toEqual([{ body: 'once' }]);
  expect(await history.query('SELECT count(*)::int FROM _prisma_migrations')).toEqual([{ count: 2 }]);
});

it('tells with Prisma’s own codes why it cannot connect', async () => {
  const missing = await runBridgeCommand(history.url, 'can-connect-to-database');
  expect(missing).toMatchObject({ exitCode: 1, log: expect.stringContaining('"error_code":"P1003"') });
  const nowhere = await runBridgeCommand(withUrl({ port: '1' }), 'can-connect-to-database');
  expect(nowhere).toMatchObject({ exitCode: 1, log: expect.stringContaining('"error_code":"P1001"') });
  await runBridgeCommand(history.url, 'create-database');
  expect(await runBridgeCommand(history.url, 'can-connect-to-database')).toEqual({ exitCode: 0, log: '' });
});

it('leaves no shadow database when it is killed afterwards', async () => {
  await runBridgeCommand(history.url, 'create-database');
  await history.addMigration('1_note', note);
  const bridge = start();
  const diagnostic = await bridge.call('devDiagnostic', { migrationsList: await migrations(), filters });
  expect(diagnostic).toMatchObject({ result: { action: { tag: 'createMigration' } } });
  await bridge.stop();
  const itsShadows = `SELECT datname FROM pg_database WHERE datname LIKE 'prisma_migrate_shadow_db_${bridge.pid}_%'`;
  expect(await history.query(itsShadows)).toEqual([]);
});

it('refuses a method that the engine does not have', async () => {
  expect(await start().call('debugPanic')).toMatchObject({ error: { code: -32601 } });
});
