import supertest from 'supertest';
import { expect, it } from 'vitest';
import { staticAssets } from './static-assets.ts';
import { testApp } from './testing/test-app.ts';

const app = testApp([staticAssets()]);
const { asset } = app.locals as { asset: (name: string) => string };

it('serves a file at an address made of its content, to be kept for a year', async () => {
  expect(asset('app.css')).toMatch(/^\/assets\/app\.[\w-]{10}\.css$/);
  const answer = await supertest(app)
    .get(asset('app.css'))
    .expect(200)
    .expect('content-type', /text\/css/);
  expect(answer.headers['cache-control']).toBe('public, max-age=31536000, immutable');
});

it('joins the parts of the style sheet in their order', async () => {
  const { text } = await supertest(app).get(asset('app.css'));
  expect(text.indexOf('--canvas:')).toBeLessThan(text.indexOf('.header {'));
  expect(text.indexOf('.header {')).toBeLessThan(text.indexOf('.field {'));
});

it('serves nothing else', async () => {
  for (const path of ['/assets/app.css', '/assets/../package.json', '/assets/'])
    await supertest(app).get(path).expect(404);
  await supertest(app).post(asset('app.css')).expect(404);
  expect(() => asset('nothing.css')).toThrow('nothing.css');
});
