import { type RequestHandler, Router } from 'express';
import supertest from 'supertest';
import { expect, it } from 'vitest';
import { health } from '../health.ts';
import { HttpError } from '../http-error.ts';
import { staticAssets } from '../static-assets.ts';
import { testApp } from '../testing/test-app.ts';
import { deadForms, declaredRoutes, infrastructure, undeclaredRoutes } from './inspect-routes.ts';
import { type Guard, mountRoutes } from './mount-routes.ts';
import { defineRoutes } from './route-manifest.ts';

const ok: RequestHandler = (_req, res) => void res.json('done');
/** Lets in whoever names the role in a header. */
const guard: Guard = (allow) => (req, _res, next) =>
  next(req.get('x-role') === allow ? undefined : new HttpError(403, 'role_required', 'No.'));

const routes = defineRoutes<'clerk' | 'approver'>()([
  { method: 'get', path: '/', allow: 'public', handler: ok },
  { method: 'get', path: '/claims/:id', allow: 'clerk', handler: ok },
  { method: 'get', path: '/all', allow: ['clerk', 'approver'], handler: ok },
]);

it('S70 puts the guard in front of every route that is not public', async () => {
  const app = supertest(testApp([mountRoutes(routes, { guard })]));
  await app.get('/').expect(200);
  await app.get('/claims/7').expect(403);
  await app.get('/claims/7').set('x-role', 'clerk').expect(200);
});

it('runs what stands before a handler only after the guard', async () => {
  let parsed = 0;
  const count: RequestHandler = (_req, _res, next) => next(void parsed++);
  const router = mountRoutes([{ method: 'get', path: '/', allow: 'clerk', before: [count], handler: ok }], { guard });
  await supertest(testApp([router]))
    .get('/')
    .expect(403);
  expect(parsed).toBe(0);
  await supertest(testApp([router]))
    .get('/')
    .set('x-role', 'clerk')
    .expect(200);
  expect(parsed).toBe(1);
});

it('does not mount a route without the guard that it needs', () => {
  expect(() => mountRoutes(routes)).toThrow('/claims/:id is not public');
});

it('does not compile with a role that the app does not know', () => {
  // @ts-expect-error there is no such role
  expect(defineRoutes<'clerk'>()([{ method: 'get', path: '/', allow: 'clrek', handler: ok }])).toHaveLength(1);
});

it('C63 leads from the path of a form to the page that has it, and finds a form from which nothing leads', async () => {
  const forms = defineRoutes<never>()([
    { method: 'get', path: '/new', allow: 'public', handler: ok },
    { method: 'get', path: '/claims/:id', allow: 'public', handler: ok },
    { method: 'post', path: '/new', allow: 'public', handler: ok },
    { method: 'post', path: '/claims/:id/pay', allow: 'public', form: '/claims/:id', handler: ok },
    { method: 'post', path: '/gone', allow: 'public', form: '/nowhere', handler: ok },
    { method: 'post', path: '/dead', allow: 'public', handler: ok },
    { method: 'post', path: '/api/claims', allow: { scope: 'claims' }, handler: ok },
  ]);
  const app = testApp([mountRoutes(forms, { guard })]);
  expect(deadForms(app)).toEqual(['/gone', '/dead']);
  const answer = await supertest(app).get('/claims/a%2Fb/pay?from=7').expect(303);
  expect(answer.headers.location).toBe('/claims/a%2Fb?from=7');
});

it('D2 lists what is declared and finds what is not', () => {
  const app = testApp([health({ ready: async () => {} }), staticAssets(), mountRoutes(routes, { guard })]);
  expect(declaredRoutes(app).map(({ method, path, allow }) => [method, path, allow])).toEqual([
    ['get', '/', 'public'],
    ['get', '/claims/:id', 'clerk'],
    ['get', '/all', ['clerk', 'approver']],
  ]);
  expect(undeclaredRoutes(app)).toEqual([]);

  app.get('/forgotten', ok);
  app.use(Router().post('/nested', ok));
  app.use('/mounted', ok);
  app.use(infrastructure(Router().get('/auth/login', ok)));
  expect(undeclaredRoutes(app)).toEqual(['GET /forgotten', 'POST /nested', 'USE /mounted (ok)']);
});
