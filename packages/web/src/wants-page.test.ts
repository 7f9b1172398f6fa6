import supertest from 'supertest';
import { expect, it } from 'vitest';
import { testApp } from './testing/test-app.ts';
import { wantsPage } from './wants-page.ts';

const app = testApp([(req, res) => void res.json(wantsPage(req))]);
const page = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' };

it.each([
  ['a navigation', { ...page, 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' }, true],
  ['a browser without Fetch Metadata', page, true],
  ['fetch() that names HTML', { ...page, 'sec-fetch-mode': 'cors', 'sec-fetch-dest': 'empty' }, false],
  ['an iframe', { ...page, 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'iframe' }, false],
  ['XMLHttpRequest by its header', { ...page, 'x-requested-with': 'XMLHttpRequest' }, false],
  ['a bearer token', { ...page, authorization: 'Bearer abc' }, false],
  ['Accept: application/json', { accept: 'application/json' }, false],
  ['Accept: */*', { accept: '*/*' }, false],
  ['a navigation that takes no HTML', { accept: 'image/png', 'sec-fetch-mode': 'navigate' }, false],
  ['no Accept at all', { accept: '' }, false],
])('C16 knows a page load from a script: %s', async (_name, headers, expected) => {
  const { body } = await supertest(app).get('/').set(headers);
  expect(body).toBe(expected);
});
