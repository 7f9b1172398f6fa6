import supertest from 'supertest';
import { expect, it } from 'vitest';
import { testApp } from './testing/test-app.ts';

const answering = (trustProxy: string[]) => {
  const app = testApp([(req, res) => void res.json(req.id)]);
  app.set('trust proxy', trustProxy);
  return supertest(app);
};

it('keeps the request id of a trusted proxy, and gives its own to everybody else', async () => {
  const given = { 'x-request-id': 'balancer-0001' };
  await answering(['loopback']).get('/').set(given).expect('x-request-id', 'balancer-0001').expect('"balancer-0001"');
  const { body, headers } = await answering([]).get('/').set(given);
  expect(body).toMatch(/^[\da-f-]{36}$/);
  expect(headers['x-request-id']).toBe(body);
});

it('S93 takes no id that could forge a line of the log', async () => {
  const { body } = await answering(['loopback']).get('/').set('x-request-id', 'a b"c\tdefgh');
  expect(body).toMatch(/^[\da-f-]{36}$/);
});
