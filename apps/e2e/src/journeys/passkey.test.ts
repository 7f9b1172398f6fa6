import pg from 'pg';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { launchBrowser, openWindow } from '../support/browser.ts';
import { openApp, org, signIn, signOut, urlOf } from '../support/people.ts';
import { plugIn, type VirtualAuthenticator } from '../support/virtual-authenticator.ts';

let browser: Browser;
let page: Page;
let device: VirtualAuthenticator;
beforeAll(async () => {
  browser = await launchBrowser();
});
beforeEach(async () => {
  page = await openWindow(browser);
  device = await plugIn(page);
});
afterAll(() => browser.close());

/** Signs in with the password, adds a passkey on the account page, and signs out. */
async function addPasskey(login: string): Promise<void> {
  await page.goto(`${org.issuer}/account/passkeys/new`);
  await signIn(page, login);
  await page.getByLabel('Name').fill('My laptop');
  await page.getByRole('button', { name: 'Add a passkey' }).click();
  await page.getByText('Your passkey is added').waitFor();
  expect(await page.locator('main').textContent()).toContain('My laptop');
  await signOut(page);
}

async function onDatabase(statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: org.database_url });
  await client.connect();
  await client.query(statement);
  await client.end();
}

const isIn = (app: string) => page.waitForURL((url) => url.origin === urlOf(app) && !url.pathname.startsWith('/auth/'));
const passkeyButton = () => page.getByRole('button', { name: 'Sign in with a passkey' });

it('a passkey that was added on the account page signs in by one press, and the session says how', async () => {
  await device.agree(true);
  await addPasskey('amelia.hart');
  await device.agree(false);
  await openApp(page, 'human-resources');
  await passkeyButton().waitFor();
  await device.agree(true);
  await passkeyButton().click();
  await isIn('human-resources');
  await page.goto(`${org.issuer}/account`);
  expect(await page.locator('main').textContent()).toContain('last used');
});

it('a browser that offers passkeys in the login field needs no press at all', async () => {
  await addPasskey('grace.lindqvist');
  await openApp(page, 'finance');
  await isIn('finance');
});

it('S35 a passkey whose counter does not grow is a copy and lets nobody in', async () => {
  await addPasskey('ruth.abara');
  await device.agree(false);
  // The original has been used very often since it was copied.
  await onDatabase(`
    UPDATE credentials.passkey SET counter = 1000
    WHERE person_id = (SELECT id FROM directory.person WHERE login = 'ruth.abara')`);
  await openApp(page, 'finance');
  await passkeyButton().waitFor();
  await device.agree(true);
  await passkeyButton().click();
  await page.getByText('That passkey was not accepted').waitFor();
  expect(new URL(page.url()).origin).toBe(org.issuer);
});

it('S34 what a passkey answered on one sign-in page is refused on another one', async () => {
  await addPasskey('samuel.price');
  await device.agree(false);
  await openApp(page, 'finance');
  await passkeyButton().waitFor();
  await device.agree(true);
  // Asked for in the page, but not sent by it.
  const answer = await page.evaluate<string>(`(async () => {
    const form = document.querySelector('form[data-passkey-sign-in]');
    const optionsJSON = JSON.parse(form.dataset.passkeySignIn);
    return JSON.stringify(await SimpleWebAuthnBrowser.startAuthentication({ optionsJSON }));
  })()`);
  await device.agree(false);
  await openApp(page, 'finance');
  await passkeyButton().waitFor();
  await page.evaluate(`{
    const form = document.querySelector('form[data-passkey-sign-in]');
    form.elements.response.value = ${JSON.stringify(answer)};
    form.submit();
  }`);
  await page.getByText('That passkey was not accepted').waitFor();
});

it('a passkey that was removed lets nobody in any more', async () => {
  await addPasskey('yusuf.demir');
  await device.agree(false);
  await page.goto(`${org.issuer}/account`);
  await signIn(page, 'yusuf.demir');
  const remove = page.getByRole('button', { name: 'Remove My laptop' });
  await remove.click();
  await page.getByRole('heading', { name: 'Confirm that it is you' }).waitFor();
  await device.agree(true);
  await passkeyButton().click();
  await remove.click();
  await page.getByText('The passkey is removed').waitFor();
  await device.agree(false);
  await signOut(page);
  await openApp(page, 'human-resources');
  await passkeyButton().waitFor();
  await device.agree(true);
  await passkeyButton().click();
  await page.getByText('That passkey was not accepted').waitFor();
});
