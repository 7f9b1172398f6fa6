import supertest from 'supertest';
import { expect, it } from 'vitest';
import { health } from './health.ts';
import { testApp } from './testing/test-app.ts';

it('is alive and ready', async () => {
  const app = testApp([health({ ready: async () => {} })]);
  await supertest(app).get('/livez').expect(200, { status: 'ok' });
  await supertest(app).get('/readyz').expect(200, { status: 'ok' });
});

it('S50 is alive but not ready while its database is away, and says why without telling where it is', async () => {
  const refused = Object.assign(new Error('connect ECONNREFUSED 10.0.0.5:5432'), { code: 'ECONNREFUSED' });
  const app = testApp([health({ ready: () => Promise.reject(refused) })]);
  await supertest(app).get('/livez').expect(200);
  const { body } = await supertest(app).get('/readyz').expect(503);
  expect(body).toEqual({ status: 'unavailable', reason: 'ECONNREFUSED' });
});

it('does not wait for a check that hangs', async () => {
  const app = testApp([health({ ready: () => new Promise(() => {}), timeout: 20 })]);
  await supertest(app).get('/readyz').expect(503, { status: 'unavailable', reason: 'timeout' });
});

it('F23 is not ready while it drains', async () => {
  const app = testApp([health({ ready: async () => {} })]);
  app.locals.draining = true;
  await supertest(app).get('/readyz').expect(503, { status: 'draining' });
  await supertest(app).get('/livez').expect(200);
});
