import { join } from 'node:path';
import { createTestDatabase, type TestDatabase } from '@gatehouse/test-kit';
import { type PgBouncer, pgbouncer, startPgBouncer } from '@gatehouse/test-kit/pgbouncer';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ConnectOptions, connect } from './index.ts';
import { migrate } from './migrate.ts';
import { inTransaction } from './transaction.ts';

const reason = pgbouncer ? '' : ' (skipped: this machine has no PgBouncer)';

let db: TestDatabase;
let bouncer: PgBouncer;
beforeAll(async () => {
  db = await createTestDatabase();
  if (pgbouncer) bouncer = await startPgBouncer(db.ownerUrl);
});
afterAll(async () => {
  await bouncer?.stop();
  await db.close();
});

/** Named statements in transactions and outside, many at once, and what was said of the database meanwhile. */
async function work(url: string, options: Partial<ConnectOptions> = {}) {
  const said: string[] = [];
  const log = { warn: (_: object, message: string) => void said.push(message) };
  const { pool, close } = connect(url, { applicationName: 'pooler', ...options, log });
  const ask = { name: 'double', text: 'SELECT $1::int * 2 AS doubled' };
  const answers = await Promise.all(
    Array.from({ length: 60 }, async (_, n) => {
      const asked = { ...ask, values: [n] };
      const { rows } = n % 3 === 0 ? await inTransaction(pool, (tx) => tx.query(asked)) : await pool.query(asked);
      return rows[0].doubled as number;
    }),
  );
  await close();
  expect(answers).toEqual(Array.from({ length: 60 }, (_, n) => n * 2));
  return said;
}

describe.skipIf(!pgbouncer)(`C50 behind PgBouncer in transaction mode${reason}`, () => {
  it('works with the setting, and says nothing', async () => {
    expect(await work(bouncer.through(db.urlFor('finance')), { pooler: 'transaction' })).toEqual([]);
  });

  it('works without it, and says once which variable names the pooler', async () => {
    const said = await work(bouncer.through(db.urlFor('finance')));
    expect(new Set(said)).toEqual(
      new Set([expect.stringMatching(/DATABASE_URL.*pooler.*set DATABASE_POOLER=transaction/)]),
    );
  });

  it('without any of this, statements fail', async () => {
    const { Pool } = await import('pg').then(({ default: pg }) => pg);
    const pool = new Pool({ connectionString: bouncer.through(db.urlFor('finance')), max: 20 });
    const ask = (n: number) => pool.query({ name: 'double', text: 'SELECT $1::int * 2', values: [n] });
    const outcomes = await Promise.allSettled(Array.from({ length: 60 }, (_, n) => ask(n)));
    await pool.end();
    expect(outcomes.some(({ status }) => status === 'rejected')).toBe(true);
  });

  it('migrates nothing through it, and says what to name instead', async () => {
    const migrating = migrate({ ownerUrl: bouncer.through(db.ownerUrl), directory: join(import.meta.dirname, '..') });
    await expect(migrating).rejects.toMatchObject({
      code: 'pooler_between',
      message: expect.stringMatching(/DATABASE_URL.*DATABASE_POOLER_URL.*OWNER_DATABASE_URL/),
    });
  });
});

it('C50 nothing is said of PostgreSQL itself, which migrates', async () => {
  expect(await work(db.urlFor('finance'))).toEqual([]);
  expect(await migrate({ ownerUrl: db.ownerUrl, directory: join(import.meta.dirname, '..') })).toEqual([]);
});
