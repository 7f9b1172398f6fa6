import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { launchBrowser, openWindow } from '../support/browser.ts';
import { asksToSignIn } from '../support/people.ts';
import { startExpressOpenidConnect } from './express-openid-connect.ts';
import { hasModAuthOpenidc, startModAuthOpenidc } from './mod-auth-openidc.ts';
import { oauth4webapiClient } from './oauth4webapi.ts';
import { startOidcClientTs } from './oidc-client-ts.ts';
import { startPassport } from './passport.ts';
import { confirmSignOut, type ForeignApp, signInAndAllow } from './relying-party.ts';

const login = 'grace.lindqvist';
let browser: Browser;
let page: Page;
let app: ForeignApp | undefined;

beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser.close());
beforeEach(async () => {
  page = await openWindow(browser);
});
afterEach(async () => {
  await page.context().close();
  await app?.close();
});

/** The page that each app has: who is signed in, and a token that changes with each refresh. */
const shown = async () => JSON.parse((await page.locator('body').textContent()) ?? '{}') as Record<string, string>;

async function expectSignedOut(url: string): Promise<void> {
  await page.goto(url);
  await page.getByLabel('Password', { exact: true }).waitFor();
  expect(await asksToSignIn(page)).toBe(true);
}

describe('a real client completes sign-in, refresh and logout', () => {
  it('express-openid-connect', async () => {
    app = await startExpressOpenidConnect();
    await page.goto(app.url);
    await signInAndAllow(page, login);
    await page.waitForURL(`${app.url}/`);
    const before = await shown();
    expect(before).toMatchObject({ name: 'Grace Lindqvist', email: 'grace.lindqvist@harbour.example' });
    await page.goto(`${app.url}/refresh`);
    const after = await shown();
    expect(after.sub).toBe(before.sub);
    expect(after.token).not.toBe(before.token);
    await page.goto(`${app.url}/logout`);
    await confirmSignOut(page, `${app.url}/signed-out`);
    await expectSignedOut(app.url);
  });

  it('passport-openidconnect, which does not refresh', async () => {
    app = await startPassport();
    await page.goto(app.url);
    await signInAndAllow(page, login);
    await page.waitForURL(`${app.url}/`);
    expect(await shown()).toMatchObject({ name: 'Grace Lindqvist' });
    await page.goto(`${app.url}/logout`);
    await confirmSignOut(page, `${app.url}/signed-out`);
    await expectSignedOut(app.url);
  });

  it('oidc-client-ts in Chromium', async () => {
    app = await startOidcClientTs();
    await page.goto(app.url);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await signInAndAllow(page, login);
    await page.getByText('Grace Lindqvist').waitFor();
    const token = () => page.locator('#token').textContent();
    const before = await token();
    await page.getByRole('button', { name: 'Refresh' }).click();
    await page.getByText('refreshed').waitFor();
    expect(await token()).not.toBe(before);
    await page.getByRole('button', { name: 'Sign out' }).click();
    await confirmSignOut(page, app.url);
    await page.getByText('nobody').waitFor();
  });

  it('oauth4webapi, with pushed requests and DPoP', async () => {
    const client = await oauth4webapiClient();
    app = client;
    await page.goto(await client.start());
    await signInAndAllow(page, login);
    await page.waitForURL((url) => url.href.startsWith(client.url));
    const first = await client.finish(page.url());
    expect(first).toMatchObject({ name: 'Grace Lindqvist', tokenType: 'dpop' });
    const second = await client.refresh();
    expect(second.sub).toBe(first.sub);
    expect(second.accessToken).not.toBe(first.accessToken);
    await page.goto(client.signOutUrl());
    await confirmSignOut(page, `${client.url}/signed-out`);
    await expect(client.refresh()).rejects.toMatchObject({ error: 'invalid_grant' });
  });

  it.skipIf(!hasModAuthOpenidc)('mod_auth_openidc (Debian package libapache2-mod-auth-openidc)', async () => {
    const { url } = (app = await startModAuthOpenidc());
    await page.goto(`${url}/app`);
    await signInAndAllow(page, login);
    await page.waitForURL(`${url}/app`);
    const info = async () => {
      await page.goto(`${url}/callback?info=json`);
      return (await shown()) as unknown as { access_token: string; userinfo: { name: string } };
    };
    const before = await info();
    expect(before.userinfo.name).toBe('Grace Lindqvist');
    const refresh = { refresh: `${url}/app`, access_token: before.access_token };
    await page.goto(`${url}/callback?${new URLSearchParams(refresh)}`);
    expect((await info()).access_token).not.toBe(before.access_token);
    await page.goto(`${url}/callback?${new URLSearchParams({ logout: `${url}/signed-out` })}`);
    await confirmSignOut(page, `${url}/signed-out`);
    await expectSignedOut(`${url}/app`);
  });
});
