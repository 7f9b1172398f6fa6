import type { Browser, Page, Request } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { personCalled, rolesByApp } from '../support/access-rules.ts';
import { launchBrowser, openWindow } from '../support/browser.ts';
import {
  asksToSignIn,
  expectSignedOut,
  hopTo,
  offeredApps,
  org,
  signInTo,
  signOut,
  tiles,
  titleOf,
} from '../support/people.ts';

const clerk = 'tomas.reyes';
const open = [...rolesByApp(personCalled(clerk)).keys()];

let browser: Browser;
let windows: Page[];

beforeAll(async () => {
  browser = await launchBrowser();
  windows = [await openWindow(browser), await openWindow(browser)];
});
afterAll(() => browser.close());

const each = (work: (page: Page) => Promise<void>) => Promise.all(windows.map(work));

describe('the finance clerk, in two browsers', () => {
  it('signs in once and is offered exactly the apps that they may open', async () => {
    await each((page) => signInTo(page, 'finance', clerk));
    await each(async (page) => expect(await offeredApps(page)).toEqual(open.map(titleOf)));
    const [page] = windows as [Page];
    await page.goto(org.issuer);
    expect(await tiles(page)).toEqual(open.map(titleOf));
    await page.goBack();
  });

  it('D1 hops finance → service desk → human resources without another form, with other buttons in each', async () => {
    await each(async (page) => {
      const forms: string[] = [];
      page.on('framenavigated', async (frame) => {
        if (new URL(frame.url()).pathname.startsWith('/interaction/')) forms.push(frame.url());
      });
      expect(await page.getByRole('link', { name: 'New claim' }).first().isVisible()).toBe(true);
      await hopTo(page, 'service-desk');
      expect(await page.getByRole('link', { name: 'Raise a ticket' }).first().isVisible()).toBe(true);
      expect(await page.getByRole('link', { name: 'New claim' }).count()).toBe(0);
      await hopTo(page, 'human-resources');
      expect(await page.getByRole('link', { name: /leave/i }).first().isVisible()).toBe(true);
      expect(await page.getByRole('link', { name: 'Raise a ticket' }).count()).toBe(0);
      expect(forms).toEqual([]);
    });
  });

  it('S56 C1 C23 signs out once, is told so app by app, and is out of all of them; the other browser is not', async () => {
    const [first, second] = windows as [Page, Page];
    await signOut(first);
    const receipt = await first.locator('.receipt li').allTextContents();
    for (const clientId of ['finance', 'service-desk', 'human-resources']) {
      expect(receipt.find((line) => line.includes(titleOf(clientId)))).toContain('Signed out');
    }
    for (const clientId of open) await expectSignedOut(first, clientId);

    await second.reload();
    expect(await asksToSignIn(second)).toBe(false);
    await signOut(second);
    for (const clientId of open) await expectSignedOut(second, clientId);
  });

  it('C52 puts the ID token into no address of a sign-out, and ends it at a clean one', async () => {
    const [page] = windows as [Page];
    await signInTo(page, 'finance', clerk);
    const addresses: string[] = [];
    const note = (request: Request) => void addresses.push(request.url());
    page.on('request', note);
    await signOut(page);
    page.off('request', note);
    expect(addresses).toContain(`${org.issuer}/session/end`);
    expect(addresses.join(' ')).not.toContain('id_token');
    expect(page.url()).toBe(`${org.issuer}/session/end`);
  });

  it('S24 leaves nothing for the next person at the same computer', async () => {
    const [page] = windows as [Page];
    await signInTo(page, 'finance', 'grace.lindqvist');
    expect(await page.locator('.menu-person strong').textContent()).toBe('Grace Lindqvist');
    expect(await page.content()).not.toContain('Tomas Reyes</strong>');
    await signOut(page);
  });
});
