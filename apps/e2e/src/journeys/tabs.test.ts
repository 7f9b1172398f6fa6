import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { clientIds, personCalled, rolesByApp } from '../support/access-rules.ts';
import { launchBrowser, openWindow } from '../support/browser.ts';
import { openApp, signIn, signInTo, signOut, urlOf } from '../support/people.ts';

let browser: Browser;

beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser.close());

const lands = (page: Page, address: string) => page.waitForURL(address);

describe('one browser with several tabs', () => {
  it('C10 C20 R10 F48 signs in once in each of six tabs, in any order, and each lands on its own page', async () => {
    const first = await openWindow(browser);
    const wanted = [
      `${urlOf('finance')}/`,
      `${urlOf('finance')}/claims/new`,
      `${urlOf('human-resources')}/people?search=hart`,
      `${urlOf('human-resources')}/leave/new`,
      `${urlOf('service-desk')}/`,
      `${urlOf('service-desk')}/tickets/new`,
    ];
    const tabs = [first];
    while (tabs.length < wanted.length) tabs.push(await first.context().newPage());
    await Promise.all(tabs.map((tab, index) => tab.goto(wanted[index] ?? '')));
    for (const [index, tab] of [...tabs.entries()].reverse()) {
      await signIn(tab, 'tomas.reyes');
      await lands(tab, wanted[index] ?? '');
    }
  });

  it('C19 S22 goes on in a tab that still shows the sign-in page when another has signed in', async () => {
    const first = await openWindow(browser);
    const second = await first.context().newPage();
    await openApp(first, 'finance');
    await openApp(second, 'service-desk', '/tickets/new');
    await signIn(first, 'tomas.reyes');
    await lands(first, `${urlOf('finance')}/`);
    await second.reload();
    if (!second.url().startsWith(urlOf('service-desk')))
      await second.getByRole('button', { name: /^Continue/ }).click();
    await lands(second, `${urlOf('service-desk')}/tickets/new`);
  });

  it('C8 S51 stays signed in to every app at once: a cookie of its own name for each', async () => {
    const page = await openWindow(browser);
    const open = [...rolesByApp(personCalled('eleanor.vance')).keys()];
    expect(open.length).toBeGreaterThan(3);
    await signInTo(page, open[0] ?? '', 'eleanor.vance');
    for (const clientId of [...open, ...open]) {
      await openApp(page, clientId);
      expect(new URL(page.url()).origin).toBe(urlOf(clientId));
    }
    const cookies = await page.context().cookies();
    expect(new Set(cookies.map(({ name, path }) => name + path)).size).toBe(cookies.length);
    for (const { name, httpOnly, sameSite } of cookies)
      expect({ name, httpOnly, sameSite }).toMatchObject({ httpOnly: true, sameSite: 'Lax' });
    expect(clientIds.length).toBeGreaterThan(4);
  });

  it('C9 S22 comes from Back, Forward and the callback itself to a page of use, never to an error', async () => {
    const page = await openWindow(browser);
    const callbacks: string[] = [];
    page.on('request', (request) => {
      if (new URL(request.url()).pathname === '/auth/callback') callbacks.push(request.url());
    });
    await signInTo(page, 'finance', 'tomas.reyes', '/claims/new');
    await page.goBack();
    expect(page.url()).toBe(`${urlOf('finance')}/claims/new`);
    await page.goForward();
    await page.reload();
    expect(page.url()).toBe(`${urlOf('finance')}/claims/new`);
    const response = await page.goto(callbacks[0] ?? '');
    expect(response?.status()).toBe(200);
    expect(new URL(page.url()).origin).toBe(urlOf('finance'));
  });

  it('P33 learns of a sign-out in the tab of another app as soon as somebody looks at it, and keeps what was typed', async () => {
    const finance = await openWindow(browser);
    await signInTo(finance, 'finance', 'tomas.reyes');
    const desk = await finance.context().newPage();
    await openApp(desk, 'service-desk');
    const form = await finance.context().newPage();
    await openApp(form, 'service-desk', '/tickets/new');
    const lookAt = (page: Page) => page.evaluate("dispatchEvent(new Event('focus'))");
    await lookAt(desk);
    await form.getByLabel('What is wrong?').fill('The printer is on fire');
    await signOut(finance);

    const before = performance.now();
    await Promise.all([desk.waitForURL(/\/interaction\//), lookAt(desk)]);
    expect(performance.now() - before).toBeLessThan(5000);
    const asked = form.waitForResponse(/\/auth\/session/);
    await lookAt(form);
    expect((await asked).status()).toBe(401);
    expect(await form.getByLabel('What is wrong?').inputValue()).toBe('The printer is on fire');
  });

  it('S52 C24 shows nothing of the app when Back is pressed after signing out and the page is asked for again', async () => {
    const page = await openWindow(browser);
    await signInTo(page, 'finance', 'tomas.reyes');
    await signOut(page);
    await page.goBack();
    await page.reload();
    expect(page.url().startsWith(urlOf('finance'))).toBe(false);
  });
});
