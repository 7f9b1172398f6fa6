import { connect } from '@gatehouse/prisma';
import { createTestDatabase, type TestDatabase } from '@gatehouse/test-kit';
import type { PoolClient } from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { listen } from './notifications.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.close());

it('gives its connection back when it is closed while it begins to listen, so that the process can end', async () => {
  const { pool, close } = connect(db.urlFor('identity-provider'), { applicationName: 'listener' });
  const closing = new Promise<void>((closed) => {
    pool.once('acquire', (client: PoolClient) => {
      const query = client.query.bind(client) as (text: string) => Promise<unknown>;
      Object.assign(client, {
        query: (text: string) => {
          void notifications.close().then(closed);
          return query(text);
        },
      });
    });
  });
  const notifications = listen(pool, ['client_changed'], { warn() {} });
  await closing;
  await close();
  expect(pool.totalCount).toBe(0);
});

it('calls back on what is told', async () => {
  const { pool, close } = connect(db.urlFor('identity-provider'), { applicationName: 'listener' });
  const notifications = listen(pool, ['client_changed'], { warn() {} });
  let told = 0;
  notifications.on('client_changed', () => told++);
  await expect.poll(() => notifications.live).toBe(true);
  const before = told;
  await db.owner.query('NOTIFY client_changed');
  await expect.poll(() => told).toBeGreaterThan(before);
  await notifications.close();
  await close();
});
