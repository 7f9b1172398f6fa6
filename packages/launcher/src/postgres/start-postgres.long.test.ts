import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { removePostgres, startPostgres } from './index.ts';
import { readPidFile } from './pid-file.ts';

const isRoot = process.getuid?.() === 0;
const nobody = { uid: 65_534, gid: 65_534 };
/** In a checkout that only root can enter, there is no program that another user could run. */
const othersMayEnter = isRoot && spawnSync(process.execPath, ['--version'], nobody).status === 0;

/** A temporary folder is 0700; run as root, these tests are therefore those of a checkout that only root can enter. */
describe('startPostgres', { timeout: 90_000 }, () => {
  let folder: string;
  let dataDir: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'gatehouse postgres '));
    dataDir = join(folder, 'data');
  });
  afterEach(async () => {
    await removePostgres(dataDir);
    rmSync(folder, { recursive: true });
  });

  const start = (port = 0) => startPostgres({ dataDir, port });

  const ask = async (url: string, sql: string) => {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    try {
      const { rows } = await client.query({ text: sql, rowMode: 'array' });
      return rows[0]?.[0];
    } finally {
      await client.end();
    }
  };

  /** A server whose starter was killed without warning. */
  const startAndKillStarter = async () => {
    const starter = spawn(process.execPath, [join(import.meta.dirname, '../testing/start-server.ts'), dataDir]);
    const [url] = (await once(starter.stdout, 'data')) as [Buffer];
    starter.kill('SIGKILL');
    await once(starter, 'exit');
    return url.toString().trim();
  };

  it('serves on loopback with a password of its own, in a folder with a space, and keeps data over a restart', async () => {
    const first = await start();
    expect(await ask(first.ownerUrl, 'SELECT current_user')).toBe('gatehouse');
    expect(await ask(first.ownerUrl, "SELECT current_setting('listen_addresses')")).toBe('127.0.0.1');
    expect(await ask(first.ownerUrl, "SELECT current_setting('unix_socket_directories')")).toBe('');
    expect(statSync(`${dataDir}.password`).mode & 0o077).toBe(0);
    await ask(first.ownerUrl, "CREATE TABLE kept AS SELECT 'this' AS word");
    await first.stop();

    const second = await start();
    expect(second.adopted).toBe(false);
    expect(await ask(second.ownerUrl, 'SELECT word FROM kept')).toBe('this');
  });

  it('refuses a wrong password', async () => {
    const { ownerUrl } = await start();
    const wrong = new URL(ownerUrl);
    wrong.password = 'guessed';
    await expect(ask(wrong.href, 'SELECT 1')).rejects.toMatchObject({ code: '28P01' });
    expect(await ask(ownerUrl, 'SELECT 1')).toBe(1);
  });

  it('adopts the server that a killed process left running, and can stop it', async () => {
    const url = await startAndKillStarter();
    await ask(url, 'CREATE TABLE kept AS SELECT 42 AS answer');
    const adopted = await start();
    expect(adopted).toMatchObject({ adopted: true, ownerUrl: url });
    expect(await ask(adopted.ownerUrl, 'SELECT answer FROM kept')).toBe(42);
    await adopted.stop();
    await expect(ask(url, 'SELECT 1')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });

  it('recovers when the server itself was killed, though its pid file is still there', async () => {
    const url = await startAndKillStarter();
    await ask(url, 'CREATE TABLE kept AS SELECT 42 AS answer');
    process.kill(readPidFile(dataDir)?.pid ?? 0, 'SIGKILL');
    const next = await start();
    expect(next.adopted).toBe(false);
    expect(await ask(next.ownerUrl, 'SELECT answer FROM kept')).toBe(42);
  });

  it('is not misled by a pid file whose pid belongs to another program now', async () => {
    const first = await start();
    const pidFile = join(dataDir, 'postmaster.pid');
    const stale = readFileSync(pidFile, 'utf8').replace(/^\d+/, String(process.pid));
    await first.stop();
    writeFileSync(pidFile, stale);
    expect((await start()).adopted).toBe(false);
  });

  it('starts one server when several ask at once for the same folder', async () => {
    const servers = await Promise.all([start(), start(), start()]);
    expect(servers.filter(({ adopted }) => !adopted)).toHaveLength(1);
    expect(new Set(servers.map(({ port }) => port)).size).toBe(1);
  });

  it('names the port when another program has it', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as { port: number };
    await expect(start(port)).rejects.toMatchObject({
      code: 'port_busy',
      message: `Port ${port} is in use by another program.`,
    });
    other.close();
    await once(other, 'close');
    expect((await start(port)).port).toBe(port);
  });

  it('says why when the data folder is unusable', async () => {
    const first = await start();
    await first.stop();
    rmSync(join(dataDir, 'global'), { recursive: true });
    await expect(start()).rejects.toMatchObject({
      code: 'start_failed',
      message: expect.stringMatching(/global\/pg_control/),
    });
  });

  it.runIf(isRoot)('runs from another folder as another user where user namespaces are refused', async () => {
    const { ownerUrl } = await startPostgres({ dataDir, port: 0, userNamespaces: false });
    expect(await ask(ownerUrl, "SELECT current_setting('data_directory')")).toMatch(/^\/var\/lib\/gatehouse\//);
  });

  it.runIf(othersMayEnter)('runs for an ordinary user', async () => {
    const home = mkdtempSync('/var/tmp/gatehouse-');
    chownSync(home, nobody.uid, nobody.gid);
    mkdirSync(folder, { recursive: true });
    const own = join(home, 'data');
    const script = join(import.meta.dirname, '../testing/start-server.ts');
    const starter = spawn(process.execPath, [script, own], { ...nobody, stdio: ['ignore', 'pipe', 'inherit'] });
    try {
      const [url] = (await once(starter.stdout, 'data')) as [Buffer];
      expect(await ask(url.toString().trim(), 'SELECT 1')).toBe(1);
    } finally {
      starter.kill('SIGKILL');
      await removePostgres(own);
      rmSync(home, { recursive: true });
    }
  });
});
