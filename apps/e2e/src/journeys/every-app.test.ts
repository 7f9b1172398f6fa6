import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { everybody, loginOf, rolesByApp } from '../support/access-rules.ts';
import { launchBrowser, openWindow } from '../support/browser.ts';
import { asksToSignIn, hopTo, signInTo, titleOf, urlOf } from '../support/people.ts';

/** Whoever may open the most apps, those that were made from the template among them. */
const [traveller] = everybody
  .map((person) => ({ login: loginOf(person.name), apps: [...rolesByApp(person).keys()] }))
  .sort((one, other) => other.apps.length - one.apps.length);
const { login = '', apps: [first = '', ...others] = [] } = traveller ?? {};

let browser: Browser;
let page: Page;
beforeAll(async () => {
  browser = await launchBrowser();
  page = await openWindow(browser);
  await signInTo(page, first, login);
});
afterAll(() => browser.close());

describe('the person with the most apps, having signed in once', () => {
  it.each(others)('D9 hops to %s through the switcher of the app before it', async (clientId) => {
    await hopTo(page, clientId);
    expect(await asksToSignIn(page)).toBe(false);
    expect(new URL(page.url()).origin).toBe(urlOf(clientId));
    expect(await page.locator('.menu-list a[aria-current]').textContent()).toBe(titleOf(clientId));
  });
});
