import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Answer, createBrowser } from '@gatehouse/test-kit/browser';
import { type PgBouncer, pgbouncer, startPgBouncer } from '@gatehouse/test-kit/pgbouncer';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Org } from './organisation/org-file.ts';
import { freePortBase } from './ports/index.ts';
import { type PostgresServer, removePostgres, startPostgres } from './postgres/index.ts';
import { type LauncherProcess, runLauncher } from './testing/launcher-process.ts';

const reason = pgbouncer ? '' : ' (skipped: this machine has no PgBouncer)';

describe.skipIf(!pgbouncer)(`C50 the whole organisation behind PgBouncer in transaction mode${reason}`, () => {
  let folder: string;
  let server: PostgresServer;
  let bouncer: PgBouncer;
  let launcher: LauncherProcess;
  let portBase: number;
  let org: Org;

  const start = (env: Record<string, string>) =>
    runLauncher('start', join(folder, '.local'), { PORT_BASE: String(portBase), ...env });
  const ownUrl = () => {
    const url = new URL(server.ownerUrl);
    url.pathname = '/council';
    return url.href;
  };

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'gatehouse-pooler-'));
    server = await startPostgres({ dataDir: join(folder, 'postgres'), port: 0 });
    bouncer = await startPgBouncer(server.ownerUrl);
    portBase = await freePortBase();
    launcher = start({ DATABASE_URL: ownUrl(), DATABASE_POOLER_URL: bouncer.through(ownUrl()) });
    org = await launcher.running();
  });
  afterAll(async () => {
    launcher?.signal('SIGTERM');
    await launcher?.exit;
    await bouncer?.stop();
    await server?.stop();
    await removePostgres(join(folder, 'postgres'));
    rmSync(folder, { recursive: true });
  });

  const urlOf = (clientId: string) => String(org.apps.find(({ client_id }) => client_id === clientId)?.url);
  const csrfOf = ({ body }: Answer) => /name="_csrf" value="([^"]+)"/.exec(body)?.[1] ?? '';

  async function signIn(login: string) {
    const browser = createBrowser();
    const page = await browser.visit(`${urlOf('human-resources')}/`);
    const password = String(org.people[0]?.password);
    const form = { _csrf: csrfOf(page), login, password };
    const first = await browser.submit(`${page.url.split('?')[0]}/sign-in`, form);
    return { browser, first };
  }

  it('signs many people in at once, who hop between apps', async () => {
    const logins = ['tomas.reyes', 'grace.lindqvist', 'stella.kim', 'zoe.hartley', 'amelia.hart', 'samuel.price'];
    const visits = await Promise.all(
      logins.map(async (login) => {
        const { browser, first } = await signIn(login);
        const hops = await Promise.all(
          ['service-desk', 'finance', 'template'].map((app) => browser.visit(`${urlOf(app)}/`)),
        );
        return [first, ...hops].map(({ status, url }) => `${status} ${new URL(url).origin}`);
      }),
    );
    const everywhere = ['human-resources', 'service-desk', 'finance', 'template'].map((app) => `200 ${urlOf(app)}`);
    expect(visits).toEqual(logins.map(() => everywhere));
  });

  it('says nothing of statements or poolers', () => {
    for (const name of ['identity-provider', 'finance', 'human-resources']) {
      const log = readFileSync(join(folder, '.local', 'log', `${name}.log`), 'utf8');
      expect(log).not.toMatch(/prepared statement|pooler/);
    }
  });

  it('tells of changes at once, over the direct URL', async () => {
    const { browser, first } = await signIn('tomas.reyes');
    expect(first.status).toBe(200);
    const out = await browser.submit(`${urlOf('human-resources')}/auth/logout`, { _csrf: csrfOf(first) });
    expect(out.status).toBe(200);
    expect(new URL((await browser.visit(`${urlOf('finance')}/`)).url).origin).toBe(org.issuer);
  });

  it('is refused with one line where only the pooler is named', async () => {
    launcher.signal('SIGTERM');
    await launcher.exit;
    const refused = start({ DATABASE_URL: bouncer.through(ownUrl()) });
    expect(await refused.exit).toBe(1);
    expect(refused.output()).toMatch(/name PostgreSQL in DATABASE_URL and the pooler in DATABASE_POOLER_URL/);
  });
});
