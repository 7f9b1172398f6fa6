import { createBrowser } from '@gatehouse/test-kit/browser';
import { undeclaredRoutes } from '@gatehouse/web';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { linkTo } from '../testing/database-link.ts';
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
