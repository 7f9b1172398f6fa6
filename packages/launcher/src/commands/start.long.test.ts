import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { get, type IncomingMessage } from 'node:http';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createBrowser } from '@gatehouse/test-kit/browser';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Org } from '../organisation/org-file.ts';
import { freePortBase } from '../ports/index.ts';
import { removePostgres, startPostgres } from '../postgres/index.ts';
import { isRunning } from '../processes/process-identity.ts';
import { type LauncherProcess, runLauncher } from '../testing/launcher-process.ts';

/**
 * The whole organisation, started as `npm start` does once everything is installed; its temporary folder is 0700 and
 * its name has a space. To start it takes seconds, so this is one story: each test begins where the last one ended.
 */
describe('start', { timeout: 240_000 }, () => {
  let folder: string;
  let local: string;
  let portBase: number;
  let launcher: LauncherProcess;
  let org: Org;

  const run = (command: string, env: Record<string, string> = {}) =>
    runLauncher(command, local, { PORT_BASE: String(portBase), ...env });

  const ask = async (url: string, sql: string) => {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    try {
      return (await client.query({ text: sql, rowMode: 'array' })).rows[0]?.[0];
    } finally {
      await client.end();
    }
  };
  /** Where a browser that opens the page is sent. */
  const redirectOf = async (page: URL): Promise<URL> => {
    const request = get(page, { headers: { accept: 'text/html' } });
    const [response] = (await once(request, 'response')) as [IncomingMessage];
    response.resume();
    return new URL(response.headers.location ?? page, page);
  };
  const recordedPids = (): number[] =>
    JSON.parse(readFileSync(join(local, 'run.json'), 'utf8')).children.map(({ pid }: { pid: number }) => pid);
  const secrets = () => readFileSync(join(local, 'secrets.json'), 'utf8');

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'gatehouse start '));
    local = join(folder, '.local');
    portBase = await freePortBase();
    launcher = run('start');
    org = await launcher.running();
  }, 240_000);

  afterAll(async () => {
    launcher.signal('SIGTERM');
    await launcher.exit;
    for (const name of ['.local/postgres', 'own']) await removePostgres(join(folder, name));
    rmSync(folder, { recursive: true });
  });

  it('P49 brings up every app at PORT_BASE, and says where and who', async () => {
    expect(org.issuer).toBe(`http://localhost:${portBase}`);
    expect(org.apps.map((app) => app.client_id)).toEqual(
      expect.arrayContaining(['console', 'human-resources', 'finance', 'service-desk', 'template']),
    );
    for (const url of [org.issuer, ...org.apps.map((app) => app.url)]) {
      expect((await fetch(new URL('/readyz', url))).status, url).toBe(200);
      expect(launcher.output()).toContain(url);
    }
    for (const { login, name, password } of org.people) {
      expect(launcher.output()).toMatch(new RegExp(`${name}.*${login}.*${password}`));
    }
  });

  it('keeps secrets in files that only their owner can read', () => {
    for (const file of ['secrets.json', 'org.json']) expect(statSync(join(local, file)).mode & 0o077, file).toBe(0);
  });

  it('sends a visitor who is not signed in from every app to sign-in', async () => {
    for (const app of org.apps) {
      let page = new URL(app.url);
      for (let hops = 0; hops < 3 && page.origin !== org.issuer; hops += 1) page = await redirectOf(page);
      expect(page.origin, app.client_id).toBe(org.issuer);
    }
  });

  it('D11 makes a developer somebody else by one click, in every app, and only from its own pages', async () => {
    const browser = createBrowser();
    const urlOf = (clientId: string) => `${org.apps.find((app) => app.client_id === clientId)?.url}/`;
    const linkTo = async (clientId: string, login: string) => {
      const page = await browser.visit(urlOf(clientId));
      const link = page.body.match(new RegExp(`href="([^"]*/become\\?login=${login}&[^"]*)"`))?.[1];
      return link ?? expect.fail(`no link to ${login} on ${page.url}`);
    };
    await browser.visit(await linkTo('finance', 'tomas.reyes'));
    for (const app of ['finance', 'service-desk']) {
      expect((await browser.visit(urlOf(app))).body).toMatch(/menu-name">Tomas Reyes/);
    }
    await browser.visit(await linkTo('finance', 'grace.lindqvist'));
    for (const app of ['service-desk', 'human-resources', 'finance']) {
      expect((await browser.visit(urlOf(app))).body).toMatch(/menu-name">Grace Lindqvist/);
    }
    const fromElsewhere = { headers: { 'sec-fetch-site': 'cross-site' } };
    expect((await browser.visit(await linkTo('finance', 'dev.patel'), fromElsewhere)).status).toBe(404);
    expect((await browser.visit(urlOf('finance'))).body).toMatch(/menu-name">Grace Lindqvist/);
  });

  it('refuses to run twice from one checkout, and to reset while it runs', async () => {
    for (const command of ['start', 'reset']) {
      const second = run(command);
      expect(await second.exit).toBe(1);
      expect(second.output()).toContain(`already runs from this checkout (process ${launcher.pid})`);
    }
    expect((await fetch(new URL('/readyz', org.issuer))).status).toBe(200);
  });

  it('reports an app that was killed, and starts it again', async () => {
    const pids = recordedPids();
    process.kill(pids.at(-1) ?? 0, 'SIGKILL');
    await expect.poll(launcher.output, { timeout: 60_000 }).toMatch(/was ended by SIGKILL[^]* is ready again/);
    expect(recordedPids()).not.toEqual(pids);
  });

  it('ends everything on Ctrl-C, with code 0', async () => {
    await ask(org.database_url, 'CREATE TABLE public.kept AS SELECT 42 AS answer');
    const children = recordedPids();
    launcher.signal('SIGINT');
    expect(await launcher.exit).toBe(0);
    expect(children.filter(isRunning)).toEqual([]);
    await expect(ask(org.database_url, 'SELECT 1')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });

  it('starts again with all its data and the same secrets', async () => {
    const before = secrets();
    launcher = run('start');
    await launcher.running();
    expect(await ask(org.database_url, 'SELECT answer FROM public.kept')).toBe(42);
    expect(secrets()).toBe(before);
  });

  it('takes over the database and ends the apps that a killed launcher left, losing nothing', async () => {
    const orphans = recordedPids();
    launcher.signal('SIGKILL');
    await launcher.exit;
    expect(orphans.every(isRunning)).toBe(true);

    launcher = run('start');
    await launcher.running();
    expect(orphans.filter(isRunning)).toEqual([]);
    expect(await ask(org.database_url, 'SELECT answer FROM public.kept')).toBe(42);
    launcher.signal('SIGINT');
    expect(await launcher.exit).toBe(0);
  });

  it.each([
    ['an app', 3, 'Finance'],
    ['PostgreSQL', 32, 'PostgreSQL'],
  ])('names the port of %s in one line when another program has it', async (_, offset, purpose) => {
    const other = createServer().listen(portBase + offset, '127.0.0.1');
    await once(other, 'listening');
    try {
      const refused = run('start');
      expect(await refused.exit).toBe(1);
      const lines = refused.output().split('\n');
      const expected = `Port ${portBase + offset}, which ${purpose} needs, is in use`;
      expect(lines.filter((line) => line.includes(expected))).toHaveLength(1);
    } finally {
      other.close();
    }
  });

  it('says which setting is wrong', async () => {
    const refused = run('start', { PORT_BASE: 'high' });
    expect(await refused.exit).toBe(1);
    expect(refused.output()).toMatch(/PORT_BASE: /);
  });

  it('forgets everything on reset', async () => {
    expect(await run('reset').exit).toBe(0);
    for (const name of ['postgres', 'secrets.json', 'org.json', 'log'])
      expect(existsSync(join(local, name))).toBe(false);
  });

  it('makes all of it anew on a PostgreSQL of one’s own when DATABASE_URL names it', async () => {
    const own = await startPostgres({ dataDir: join(folder, 'own'), port: 0, durable: false });
    const database = new URL('/council', own.ownerUrl).href;
    launcher = run('start', { DATABASE_URL: database });
    org = await launcher.running();
    expect(org.database_url).toBe(database);
    expect(await ask(database, 'SELECT count(*)::int > 50 FROM directory.person')).toBe(true);
    expect(existsSync(join(local, 'postgres'))).toBe(false);

    launcher.signal('SIGINT');
    expect(await launcher.exit).toBe(0);
    expect(await ask(database, 'SELECT 1')).toBe(1);
  });

  it('runs an organisation of one’s own under its name, and offers nobody of another', async () => {
    const database = org.database_url;
    await ask(database, "UPDATE directory.organisation SET name = 'Hill Parish'");
    await ask(database, 'UPDATE directory.person SET demo = false');
    launcher = run('start', { DATABASE_URL: database });
    org = await launcher.running();
    expect(launcher.output()).toContain('Hill Parish is running');
    expect(launcher.output()).not.toContain('Harbour Council is');
    expect(org).toMatchObject({ organisation: 'Hill Parish', people: [] });
    expect(await (await fetch(org.issuer)).text()).toContain('Hill Parish');
  });
});
