import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { startPostgres } from '@gatehouse/launcher/postgres';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkDatabase } from './check-database.ts';

const root = join(import.meta.dirname, '..', '..', '..', '..');

describe('the database of an app', () => {
  const database = `doctor_${randomUUID().slice(0, 8)}`;
  const login = `${database}_street_works`;
  const password = randomUUID();
  const user = { clientId: 'street-works', schema: 'street_works', password };
  let ownerUrl: string;
  let owner: pg.Client;
  let close: () => Promise<void>;

  beforeAll(async () => {
    const given = process.env.TEST_DATABASE_URL;
    const server = given
      ? undefined
      : await startPostgres({ dataDir: join(root, '.local', 'test-postgres'), port: 0, durable: false });
    const url = new URL(given ?? server?.ownerUrl ?? '');
    const first = new pg.Client({ connectionString: url.href });
    await first.connect();
    await first.query(`CREATE DATABASE ${database}`);
    url.pathname = `/${database}`;
    ownerUrl = url.href;
    owner = new pg.Client({ connectionString: ownerUrl });
    await owner.connect();
    await owner.query(`CREATE ROLE ${login} LOGIN PASSWORD '${password}'; CREATE SCHEMA street_works;
                       GRANT USAGE ON SCHEMA street_works TO ${login}`);
    close = async () => {
      await owner.end();
      await first.query(`DROP DATABASE ${database}`);
      await first.query(`DROP ROLE ${login}`);
      await first.end();
      if (server && !server.adopted) await server.stop();
    };
  });
  afterAll(() => close?.());

  const check = async (changes = {}) => {
    const { organisation, apps } = await checkDatabase(ownerUrl, [{ ...user, ...changes }]);
    expect(organisation).toEqual([]);
    return apps.get(user.clientId) ?? apps.values().next().value;
  };
  const whileBroken = async (broken: string, mended: string) => {
    await owner.query(broken);
    const findings = await check();
    await owner.query(mended);
    return findings;
  };

  it('is well where its login may use its schema', async () => {
    expect(await check()).toEqual([]);
    expect(await check({ schema: undefined })).toEqual([]);
  });

  it('is at fault where nothing of it is made', async () => {
    expect(await check({ clientId: 'parks' })).toMatchObject([
      { check: 'database', cause: `there is no database role ${database}_parks that may log in` },
    ]);
    expect(await check({ schema: 'parks' })).toMatchObject([
      { check: 'database', cause: expect.stringContaining('no Postgres schema parks') },
    ]);
  });

  it('is at fault where its role may not log in', async () => {
    expect(await whileBroken(`ALTER ROLE ${login} NOLOGIN`, `ALTER ROLE ${login} LOGIN`)).toMatchObject([
      { cause: `there is no database role ${login} that may log in` },
    ]);
  });

  it('is at fault where its password is another one', async () => {
    expect(await check({ password: 'another' })).toMatchObject([
      {
        cause: `the role ${login} has another password than .local/secrets.json`,
        mend: expect.stringContaining('npm start'),
      },
    ]);
  });

  it('is at fault where its role may not use its schema, or not connect', async () => {
    const usage = `USAGE ON SCHEMA street_works`;
    expect(await whileBroken(`REVOKE ${usage} FROM ${login}`, `GRANT ${usage} TO ${login}`)).toMatchObject([
      { cause: `the role ${login} may not use its schema street_works` },
    ]);
    const connect = `CONNECT ON DATABASE ${database}`;
    expect(await whileBroken(`REVOKE ${connect} FROM PUBLIC`, `GRANT ${connect} TO PUBLIC`)).toMatchObject([
      { cause: expect.stringMatching(/is not let in: permission denied/) },
    ]);
  });

  it('is at fault for everybody where PostgreSQL does not answer', async () => {
    const away = new URL(ownerUrl);
    away.port = '1';
    const { organisation, apps } = await checkDatabase(away.href, [user]);
    expect(organisation).toMatchObject([{ check: 'database', cause: expect.stringMatching(/:1: .*ECONNREFUSED/) }]);
    expect([...apps]).toEqual([]);
  });
});
