import supertest from 'supertest';
import { expect, it } from 'vitest';
import { securityHeaders } from './security-headers.ts';
import { testApp } from './testing/test-app.ts';

const get = async (options?: Parameters<typeof securityHeaders>[0]) =>
  (await supertest(testApp([securityHeaders(options), (_req, res) => void res.send('page')])).get('/')).headers;

it('S27 lets nobody frame a page, S28 tells nobody its address and keeps it in no cache', async () => {
  expect(await get()).toMatchObject({
    'content-security-policy': expect.stringContaining("frame-ancestors 'none'"),
    'x-frame-options': 'DENY',
    'referrer-policy': 'same-origin',
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
  });
  expect(await get({ referrerPolicy: 'no-referrer' })).toMatchObject({ 'referrer-policy': 'no-referrer' });
});

it('S29 runs no inline script and no style or script of others', async () => {
  const policy = (await get())['content-security-policy'];
  expect(policy).toMatch(/default-src 'none';script-src 'self';style-src 'self'/);
  expect(policy).not.toContain('unsafe');
});

it('S81 asks for https from then on and does not name its server', async () => {
  const headers = await get();
  expect(headers['strict-transport-security']).toMatch(/max-age=\d{8}/);
  expect(headers['x-powered-by']).toBeUndefined();
});

it('isolates pages from those of other origins where it is asked to', async () => {
  const isolated = { 'cross-origin-opener-policy': 'same-origin', 'origin-agent-cluster': '?1' };
  expect(await get({ isolated: true })).toMatchObject(isolated);
  for (const name of Object.keys(isolated)) expect(await get()).not.toHaveProperty(name);
});

it('allows forms to end at the origins named, and only there', async () => {
  expect((await get())['content-security-policy']).toContain("form-action 'self';");
  const named = await get({ formAction: ['https://id.example'] });
  expect(named['content-security-policy']).toContain("form-action 'self' https://id.example;");
});
