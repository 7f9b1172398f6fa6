import { createOneTimeLink } from '@gatehouse/accounts';
import { type Browser, createBrowser } from '@gatehouse/test-kit/browser';
import { deadForms, declaredRoutes, undeclaredRoutes } from '@gatehouse/web';
import { load } from 'cheerio';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { linkTo } from '../testing/database-link.ts';
import { csrfOf, titleOf } from '../testing/pages.ts';
import { relyingParty } from '../testing/relying-party.ts';
import { signIn } from '../testing/sign-in.ts';
import { type RunningProvider, startProvider } from '../testing/start-provider.ts';

let running: RunningProvider;
beforeAll(async () => {
  running = await startProvider();
});
afterAll(() => running.stop());

it('S70 has no route that nobody declared', () => {
  expect(undeclaredRoutes(running.app)).toEqual([]);
});

describe('C63 the path of a form that failed', () => {
  const signedIn = async () => {
    const browser = createBrowser();
    await signIn(browser, running.issuer, 'tomas.reyes');
    return browser;
  };

  it('leads to the form, at every declared route', async () => {
    expect(deadForms(running.app)).toEqual([]);
    const browser = await signedIn();
    const posts = declaredRoutes(running.app).filter(
      ({ method, path }) => method === 'post' && !path.startsWith('/api/'),
    );
    expect(posts.length).toBeGreaterThan(20);
    for (const { path, form } of posts) {
      const { status, headers } = await browser.visit(`${running.issuer}${path.replace(':uid', 'x')}?a=b`, {
        follow: false,
      });
      expect([404, 405, 500], path).not.toContain(status);
      if (form) expect(headers.location, path).toBe(`${form.replace(':uid', 'x')}?a=b`);
    }
  });

  it('leads to the form, where a sign-in failed, a sign-out was not confirmed and a password was too short', async () => {
    const browser = createBrowser();
    const failed = await browser.submit(
      await actionOf(browser, relyingParty(running, 'finance', 4003).authorizationUrl()),
    );
    expect((await browser.visit(failed.url)).body).toContain('name="password"');

    const leaving = await signedIn();
    const { url } = await leaving.submit(`${running.issuer}/session/end/confirm`, { xsrf: 'wrong' });
    expect(titleOf(await leaving.visit(url))).toBe('Sign out?');

    const token = await createOneTimeLink(running.db.owner, {
      personId: await running.db.personId('leo.martins'),
      purpose: 'reset',
    });
    const page = await browser.visit(`${running.issuer}/set-password?token=${token}`);
    const refused = await browser.submit(await actionOf(browser, page.url), {
      _csrf: csrfOf(page),
      token,
      password: 'x',
      repeated: 'x',
    });
    expect([refused.status, titleOf(await browser.visit(refused.url))]).toEqual([422, 'Choose your password']);
  });

  async function actionOf(browser: Browser, address: string): Promise<string> {
    const page = await browser.visit(address);
    return new URL(String(load(page.body)('main form[method=post]').first().attr('action')), page.url).href;
  }
});

it('S27 S28 shows no page in a frame, keeps none, and loads nothing from elsewhere', async () => {
  const browser = createBrowser();
  const finance = relyingParty(running, 'finance', 4003);
  const pages = [
    await browser.visit(finance.authorizationUrl()),
    await browser.visit(finance.authorizationUrl({ redirect_uri: 'https://evil.example/' })),
    await browser.visit(`${running.issuer}/session/end`),
    await browser.visit(`${running.issuer}/nowhere`),
  ];
  for (const { headers, body, url } of pages) {
    expect(headers['content-security-policy'], url).toMatch(/default-src 'none'.*frame-ancestors 'none'/);
    expect(headers['cache-control'], url).toBe('no-store');
    expect(body, url).not.toMatch(/<script>|(?:src|<link[^>]*href)="(?:https?:)?\/\//);
  }
});

it('lets a form’s answer redirect to every registered app, also to one registered just now', async () => {
  const policy = async () =>
    (await createBrowser().visit(`${running.issuer}/nowhere`)).headers['content-security-policy'];
  expect(await policy()).toContain('http://localhost:4003');
  await running.db.owner.query(
    `INSERT INTO directory.app (client_id, title, description, url) VALUES ('library', 'Library', '', 'https://library.example')`,
  );
  await expect.poll(policy).toContain('https://library.example');
});

it('is alive, and ready while its database answers', async () => {
  for (const path of ['/livez', '/readyz']) expect((await fetch(running.issuer + path)).status).toBe(200);
});

it('F04 asks to come back while its database is away, and works again as soon as that is back', async () => {
  const link = await linkTo(running.db.urlFor('identity-provider'));
  const cutOff = await startProvider({ db: running.db, databaseUrl: link.url, deliver: false });
  const browser = createBrowser();
  await signIn(browser, cutOff.issuer, 'grace.lindqvist');
  const finance = relyingParty(cutOff, 'finance', 4003);
  const code = await finance.codeFor(browser);

  link.cut();
  const authorize = () => browser.visit(finance.authorizationUrl(), { follow: false });
  for (const { status, headers } of [await authorize(), await browser.visit(`${cutOff.issuer}/`, { follow: false })]) {
    expect([status, headers['retry-after']]).toEqual([503, '5']);
  }
  const refused = await finance.redeem(code);
  expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '5']);
  expect((await fetch(`${cutOff.issuer}/livez`)).status).toBe(200);
  expect((await fetch(`${cutOff.issuer}/readyz`)).status).toBe(503);

  link.mend();
  expect((await finance.redeem(code)).status).toBe(200);
  expect((await authorize()).headers.location).toContain('code=');
  await cutOff.stop();
  link.close();
});

it('C51 answers at the addresses that browsers and people expect', async () => {
  const at = (path: string, method = 'GET') => fetch(running.issuer + path, { method, redirect: 'manual' });
  const location = async (path: string) => (await at(path)).headers.get('location');
  expect(await location('/.well-known/change-password')).toBe(`${running.issuer}/account/password`);
  expect(await location('/favicon.ico')).toMatch(/^\/assets\/favicon/);
  expect(await (await at('/.well-known/passkey-endpoints')).json()).toEqual({
    enroll: `${running.issuer}/account/passkeys/new`,
    manage: `${running.issuer}/account`,
  });
  expect(await (await at('/.well-known/security.txt')).text()).toContain('Contact: mailto:');
  expect(await (await at('/robots.txt')).text()).toContain('Disallow: /');
  expect((await at('/account', 'OPTIONS')).headers.get('allow')).toBe('GET, HEAD, OPTIONS');
  expect((await at('/.well-known/openid-configuration', 'HEAD')).status).toBe(200);
  expect((await at('/.well-known/no-such-thing')).status).toBe(404);
});
