import { load } from 'cheerio';
import type { RequestHandler } from 'express';
import supertest from 'supertest';
import { expect, it } from 'vitest';
import { formBody } from './forms.ts';
import { HttpError } from './http-error.ts';
import { grace, recordingLog, type TestAppOptions, testApp } from './testing/test-app.ts';

const failing = (error: unknown, options?: TestAppOptions) => {
  const fail: RequestHandler = () => {
    throw error;
  };
  return supertest(testApp([fail], options));
};

it('gives a person a page with the reference under which the log has the cause', async () => {
  const { log, lines } = recordingLog();
  const cause = new Error('connection refused at 10.0.0.5');
  const answer = await failing(new Error('query failed', { cause }), { log }).get('/').accept('html').expect(500);
  const reference = load(answer.text)('.reference code').text();
  expect(reference).toBe(answer.headers['x-request-id']);
  expect(lines[0]).toMatchObject({
    level: 50,
    code: 'server_error',
    err: { message: expect.stringContaining('10.0.0.5') },
  });
});

it('S71 shows neither stack nor message of what it does not know', async () => {
  const error = new Error('password of user gatehouse is wrong');
  const page = await failing(error).get('/').accept('html').expect(500);
  const json = await failing(error).get('/').expect(500);
  for (const text of [page.text, json.text]) expect(text).not.toMatch(/gatehouse is wrong|node_modules|\.ts/);
  expect(json.body).toMatchObject({ error: 'server_error' });
});

it('answers a script with the code and the public text', async () => {
  const refusal = new HttpError(409, 'claim_already_paid', 'This claim was paid.', { detail: 'claim 7' });
  const { body, headers } = await failing(refusal).get('/').accept('json').expect(409);
  expect(body).toEqual({
    error: 'claim_already_paid',
    error_description: 'This claim was paid.',
    request_id: headers['x-request-id'],
  });
});

it('S65 says which role is needed, by its title, and what the person has', async () => {
  const refusal = new HttpError(403, 'role_required', 'Not part of your post.', { neededRoles: ['approver'] });
  const { text } = await failing(refusal, { auth: grace }).get('/').accept('html').expect(403);
  expect(load(text)('main').text()).toMatch(/role Approver in Finance\.\s+You have Clerk/);
});

it('S29 writes the title of a role as it is', async () => {
  const roles = { approver: { title: '<img src=x> & co' } };
  const refusal = new HttpError(403, 'role_required', 'Not part of your post.', { neededRoles: ['approver'] });
  const app = failing(refusal, { auth: grace, manifest: { clientId: 'finance', title: 'Finance', roles } });
  const $ = load((await app.get('/').accept('html').expect(403)).text);
  expect([$('main img').length, $('main strong').text()]).toEqual([0, '<img src=x> & co']);
});

it('P47 is said in the language of an app that puts its own words in the place of ours', async () => {
  const inFrench: RequestHandler = (_req, res, next) => {
    const errorText = (code: string) => (code === 'claim_paid' ? 'Déjà payée.' : undefined);
    Object.assign(res.locals, { language: 'fr', t: (key: string) => `fr:${key}`, errorText });
    next();
  };
  const answer = async (code: string) => {
    const fail: RequestHandler = () => {
      throw new HttpError(409, code, 'In English.');
    };
    return load(
      (
        await supertest(testApp([inFrench, fail]))
          .get('/')
          .accept('html')
          .expect(409)
      ).text,
    );
  };
  const $ = await answer('claim_paid');
  expect([$('html').attr('lang'), $('h1').text(), $('.lede').text()]).toEqual([
    'fr',
    'fr:look.title409',
    'Déjà payée.',
  ]);
  expect((await answer('other'))('.lede').text()).toBe('In English.');
});

it('answers the errors of other packages by their fields, with headers and the way to sign in', async () => {
  const error = Object.assign(new Error('login_required: POST while signed out'), {
    status: 401,
    code: 'login_required',
    publicText: 'You are signed out.',
    loginUrl: '/auth/login?return_to=%2F',
    headers: { 'retry-after': '30' },
  });
  const page = await failing(error).get('/').accept('html').expect(401).expect('retry-after', '30');
  expect(load(page.text)('main a.button').attr('href')).toBe('/auth/login?return_to=%2F');
  const { body } = await failing(error).get('/').expect(401);
  expect(body).toMatchObject({ error: 'login_required', login_url: '/auth/login?return_to=%2F' });
});

it('knows no page at an unknown address', async () => {
  const { text } = await supertest(testApp([])).get('/nothing').accept('html').expect(404);
  expect(load(text)('h1').text()).toBe('Page not found');
});

it('S86 answers what cannot be read with 400 and what is too large with 413', async () => {
  const app = supertest(testApp([formBody(), (req, res) => void res.json(req.body)]));
  await app.post('/').type('form').send({ a: '1' }).expect(200, { a: '1' });
  await app
    .post('/')
    .type('form')
    .send(`a=${'x'.repeat(70_000)}`)
    .expect(413)
    .expect(/too_large/);
  await app.post('/').type('form').send('a=1&'.repeat(600)).expect(413);
  await app
    .post('/')
    .set('content-encoding', 'nonsense')
    .type('form')
    .send('a=1')
    .expect(415)
    .expect(/invalid_request/);
  await app.get('/%E0%A4%A').expect(200);
});

it('still answers, in plain text, when the error page itself cannot be shown', async () => {
  const broken = Object.assign({}, grace, { person: undefined });
  const refusal = new HttpError(403, 'refused', 'Not for you.');
  const { text } = await failing(refusal, { auth: broken }).get('/').accept('html').expect(403);
  expect(text).toMatch(/^Not for you\.\n\nReference: /);
});
