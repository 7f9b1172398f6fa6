import supertest from 'supertest';
import { it } from 'vitest';
import { numberParam, uuidParam } from './params.ts';
import { mountRoutes } from './routes/mount-routes.ts';
import { testApp } from './testing/test-app.ts';

const app = supertest(
  testApp([
    mountRoutes([
      { method: 'get', path: '/notices/:id', allow: 'public', handler: (req, res) => void res.json(uuidParam(req)) },
      { method: 'get', path: '/tickets/:id', allow: 'public', handler: (req, res) => void res.json(numberParam(req)) },
    ]),
  ]),
);

it('reads the id in a path', async () => {
  await app.get('/tickets/17').expect(200, '17');
  await app.get('/notices/0190a1b2-0000-7000-8000-00000000000a').expect(200);
});

it.each([
  '/tickets/0',
  '/tickets/-1',
  '/tickets/1.5',
  '/tickets/9999999999',
  '/tickets/x',
  '/notices/17',
  "/notices/'--",
])('answers %s as an unknown address', async (path) => void (await app.get(path).expect(404)));
