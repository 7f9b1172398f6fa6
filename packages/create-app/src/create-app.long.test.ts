import { freePortBase } from '@gatehouse/launcher';
import { demoPassword } from '@gatehouse/prisma/seed';
import { type Browser, createBrowser } from '@gatehouse/test-kit/browser';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Clone, cloneCheckout } from './testing/clone.ts';

const apps = [
  { name: 'a', title: `Ann's "best" app`, department: 'finance' },
  { name: 'r2-d2', title: 'Größe & <b>more</b>', department: 'council' },
  { name: 'street-works-and-lighting-2026', title: 'Street works', department: undefined },
];
const names = apps.map(({ name }) => name);

/** A story: each test begins where the last one ended. */
// oxlint-disable-next-line vitest/no-disabled-tests -- the story has not yet been run to its end; its name says so
describe.skip('apps from birth to removal (skipped: the story has not yet been run to its end)', () => {
  let clone: Clone;
  let browser: Browser;
  beforeAll(async () => {
    clone = cloneCheckout(await freePortBase());
    browser = createBrowser();
    await clone.start();
  });
  afterAll(() => clone?.remove());

  const urlOf = (name: string) => clone.org().apps.find((app) => app.client_id === name)?.url;
  const statuses = async () =>
    Promise.all(clone.org().apps.map(async ({ url }) => (await browser.visit(`${url}/readyz`)).status));

  it.each(apps)(
    'makes $name while the organisation runs, in less than a minute',
    async ({ name, title, department }) => {
      const begin = performance.now();
      const to = department ? ['--department', department] : [];
      const { code, output } = await clone.run('new-app', name, '--title', title, ...to);
      expect(code, output).toBe(0);
      expect(performance.now() - begin).toBeLessThan(60_000);
      expect(urlOf(name)).toBeDefined();
      expect(new Set(await statuses())).toEqual(new Set([200]));
    },
  );

  it('signs a person in to a new app and hops to another without asking again', async () => {
    const page = await browser.visit(`${urlOf('a')}/`);
    const [, action = ''] = /<form[^>]*action="([^"]*\/sign-in)"/.exec(page.body) ?? expect.fail(page.body);
    const [, token = ''] = /name="_csrf" value="([^"]*)"/.exec(page.body) ?? [];
    const form = { _csrf: token, login: 'samuel.price', password: demoPassword };
    const front = await browser.submit(new URL(action, page.url).href, form);
    expect([front.status, front.url]).toEqual([200, `${urlOf('a')}/`]);
    expect(front.body).toContain('Ann&#39;s &#34;best&#34; app');
    const hop = await browser.visit(`${urlOf('r2-d2')}/`);
    expect([hop.status, hop.url]).toEqual([200, `${urlOf('r2-d2')}/`]);
    expect(hop.body).not.toContain('<b>more');
  });

  it('shows its tile to whom it is open, and is closed without a department', async () => {
    const { body } = await browser.visit(clone.org().issuer);
    expect(body).toContain(urlOf('a'));
    expect(body).not.toContain(urlOf('street-works-and-lighting-2026'));
    expect((await browser.visit(`${urlOf('street-works-and-lighting-2026')}/`)).status).toBe(403);
  });

  it.each(names)('passes the checks and tests that %s was born with', async (name) => {
    for (const tool of [
      ['tsc', '--noEmit'],
      ['vitest', 'run'],
    ]) {
      const [program, ...args] = tool;
      const { code, output } = await clone.run(`apps/${name}/node_modules/.bin/${program}`, ...args);
      expect(code, output).toBe(0);
    }
    const left = clone.git('grep', '--no-index', '-il', '--exclude-standard', 'template', '--', `apps/${name}`).trim();
    expect(left).toBe(`apps/${name}/package.json`);
  });

  it('removes one while the organisation runs', async () => {
    const url = urlOf('a');
    const { code, output } = await clone.run('remove-app', 'a', '--drop-data');
    expect(code, output).toBe(0);
    await expect(browser.visit(`${url}/readyz`)).rejects.toThrow();
    expect(urlOf('a')).toBeUndefined();
    expect((await browser.visit(clone.org().issuer)).body).not.toContain(url);
    expect((await browser.visit(`${urlOf('r2-d2')}/`)).status).toBe(200);
  });

  it('leaves git status clean when all are removed, and the database at the next start', async () => {
    await clone.stop();
    for (const name of names.slice(1)) expect((await clone.run('remove-app', name)).code).toBe(0);
    expect(clone.git('status', '--porcelain')).toBe('');
    await clone.start();
    const { body } = await browser.visit(clone.org().issuer);
    expect(body).not.toContain('&lt;b&gt;more');
    expect(clone.org().apps.map((app) => app.client_id)).not.toContain('r2-d2');
  });
});
