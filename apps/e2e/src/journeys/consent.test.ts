import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { launchBrowser, openWindow } from '../support/browser.ts';
import { foreignApp } from '../support/foreign-apps.ts';
import { org, signIn } from '../support/people.ts';

let browser: Browser;
let page: Page;
let library: Awaited<ReturnType<typeof foreignApp>>;

beforeAll(async () => {
  browser = await launchBrowser();
  page = await openWindow(browser);
  library = await foreignApp();
});
afterAll(async () => {
  await library.close();
  await browser.close();
});

const answer = async () => {
  await page.waitForURL((url) => url.href.startsWith(library.url));
  return new URL(page.url()).searchParams;
};

it('P24 a person declines what an app of somebody else asks for, and is back there with an error', async () => {
  await page.goto(library.signInUrl('openid profile'));
  await signIn(page, 'tomas.reyes');
  await page.getByText('Tomas Reyes · tomas.reyes').waitFor();
  await page.getByRole('button', { name: 'Decline' }).click();
  expect((await answer()).get('error')).toBe('access_denied');
});

it('P26 they allow it, and are not asked again, until the app wants more', async () => {
  await page.goto(library.signInUrl('openid profile'));
  await page.getByRole('button', { name: 'Allow' }).click();
  expect((await answer()).get('code')).toBeTruthy();
  await page.goto(library.signInUrl('openid profile'));
  expect((await answer()).get('code')).toBeTruthy();
  await page.goto(library.signInUrl('openid profile phone'));
  await page.getByText('Your telephone number').waitFor();
});

it('they are somebody else for it after all', async () => {
  await page.getByRole('link', { name: 'Use another account' }).click();
  await signIn(page, 'grace.lindqvist');
  await page.getByText('Grace Lindqvist · grace.lindqvist').waitFor();
  await page.getByRole('button', { name: 'Allow' }).click();
  expect((await answer()).get('code')).toBeTruthy();
  await page.goto(org.issuer);
  await page.getByText('Grace Lindqvist').first().waitFor();
});
