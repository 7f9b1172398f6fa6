import type { RequestHandler } from 'express';
import supertest from 'supertest';
import { expect, it } from 'vitest';
import { checkCsrf, csrf, settleCsrf } from './csrf.ts';
import { formBody } from './forms.ts';
import { mountRoutes } from './routes/mount-routes.ts';
import { testApp } from './testing/test-app.ts';

const key = 'a key of this test';
const bindingOf = (req: { get(name: string): string | undefined }) => req.get('x-session');
/** Stands in for a multipart parser: takes the token from a header as if it had parsed it. */
const parse: RequestHandler = (req, _res, next) => {
  req.body = { _csrf: req.get('x-parsed-token') };
  next();
};
const check: RequestHandler = (req, _res, next) => {
  checkCsrf(req);
  next();
};
const ok: RequestHandler = (_req, res) => void res.json('done');

const app = supertest(
  testApp([
    formBody(),
    csrf({ key, bindingOf, exempt: ['/auth/backchannel-logout'] }),
    mountRoutes([
      { method: 'get', path: '/token', allow: 'public', handler: (_req, res) => void res.json(res.locals.csrfToken) },
      { method: 'post', path: '/claims', allow: 'public', handler: ok },
      { method: 'post', path: '/receipts', allow: 'public', before: [parse], handler: ok },
    ]),
    settleCsrf,
    (req, res, next) => (req.path === '/auth/logout' ? ok(req, res, next) : next()),
    (req, res, next) => (req.path === '/auth/backchannel-logout' ? ok(req, res, next) : next()),
  ]),
);
const tokenOf = async (session: string) => (await app.get('/token').set('x-session', session)).body as string;
const post = (path: string, session: string) => app.post(path).set('x-session', session).type('form');

it('S21 takes a form with the token of its session', async () => {
  const _csrf = await tokenOf('one');
  await post('/claims', 'one').send({ _csrf }).expect(200);
  await post('/claims', 'one').set('x-csrf-token', _csrf).expect(200);
  await post('/claims', 'one').set('sec-fetch-site', 'same-origin').send({ _csrf }).expect(200);
});

it.each(['', 'nonsense', 'a.b', '.'])('S21 refuses a form with the token "%s"', async (_csrf) => {
  await post('/claims', 'one')
    .send({ _csrf })
    .expect(403)
    .expect(/csrf_token_wrong/);
});

it('S21 refuses the token of another session, a token given twice, and one changed in one letter', async () => {
  const _csrf = await tokenOf('one');
  await post('/claims', 'two').send({ _csrf }).expect(403);
  await post('/claims', 'one').send(`_csrf=${_csrf}&_csrf=${_csrf}`).expect(403);
  await post('/claims', 'one')
    .send({ _csrf: `${_csrf[0] === 'A' ? 'B' : 'A'}${_csrf.slice(1)}` })
    .expect(403);
});

it.each([
  { 'sec-fetch-site': 'cross-site' },
  { 'sec-fetch-site': 'same-site' },
  { origin: 'null' },
  { origin: 'https://evil.example' },
])('S21 refuses a form from elsewhere, though its token is right: %o', async (headers) => {
  const _csrf = await tokenOf('one');
  await post('/claims', 'one')
    .set(headers)
    .send({ _csrf })
    .expect(403)
    .expect(/cross_site_request/);
});

it('gives a different token each time, all of them good', async () => {
  const tokens = [await tokenOf('one'), await tokenOf('one')];
  expect(new Set(tokens).size).toBe(2);
  for (const _csrf of tokens) await post('/claims', 'one').send({ _csrf }).expect(200);
});

it('refuses a declared route while there is no session to bind a token to', async () => {
  await app.post('/claims').type('form').send({ _csrf: 'x' }).expect(403);
});

it('checks the token of a multipart form once it is parsed, before the handler', async () => {
  const upload = () => app.post('/receipts').set('x-session', 'one').attach('receipt', Buffer.from('x'), 'x.pdf');
  await upload().expect(403);
  await upload()
    .set('x-parsed-token', await tokenOf('two'))
    .expect(403);
  await upload()
    .set('x-parsed-token', await tokenOf('one'))
    .expect(200);
});

it('lets a parser check as early as it likes', async () => {
  const early = supertest(testApp([csrf({ key, bindingOf }), parse, check, ok]));
  const upload = () => early.post('/').set('x-session', 'one').attach('a', Buffer.from('x'), 'x.pdf');
  await upload().expect(403);
  await upload()
    .set('x-parsed-token', await tokenOf('one'))
    .expect(200);
});

it('asks no token of servers: at exempt paths', async () => {
  await app.post('/auth/backchannel-logout').expect(200);
  await post('/auth/backchannel-logout/x', 'one').expect(403);
});

it('refuses a state-changing route of an app that forgot the middleware', async () => {
  const routes = mountRoutes([{ method: 'post', path: '/', allow: 'public', handler: ok }]);
  await supertest(testApp([routes]))
    .post('/')
    .expect(403);
  await supertest(testApp([csrf({ key, bindingOf: () => 'x', exempt: ['/'] }), routes]))
    .post('/')
    .expect(200);
});

it.each([
  ['a multipart form', () => app.post('/auth/logout').attach('a', Buffer.from('x'), 'x.pdf')],
  ['a multipart form with a body that cannot be parsed', () => app.post('/auth/logout').type('multipart/form-data')],
  ['Authorization: Bearer', () => app.post('/claims').set('authorization', 'Bearer abc')],
  ['Authorization: Basic', () => app.post('/auth/logout').set('authorization', 'Basic eDp5')],
  ['Authorization: Bearer on a form', () => app.post('/auth/logout').set('authorization', 'bearer x').type('form')],
  ['JSON', () => app.post('/claims').send({ _csrf: 'x' })],
  ['plain text', () => app.post('/auth/logout').type('text').send('_csrf=x')],
  ['no body', () => app.post('/auth/logout')],
  ['another method', () => app.delete('/auth/logout')],
])('S113 nothing that a request says frees it from the token: %s', async (_, request) => {
  await request().set('x-session', 'one').expect(403);
});

it('S113 and with its token the same path answers', async () => {
  await post('/auth/logout', 'one')
    .send({ _csrf: await tokenOf('one') })
    .expect(200);
});

it('S113 a route that asks for a bearer token stands before the check, and needs none', async () => {
  const api = mountRoutes([{ method: 'post', path: '/api', allow: { scope: 'x:read' }, handler: ok }], {
    guard: () => [],
  });
  await supertest(testApp([api, csrf({ key, bindingOf })]))
    .post('/api')
    .set('x-session', 'one')
    .expect(200);
});
