import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchBrowser, openWindow } from '../support/browser.ts';
import { ownerQuery } from '../support/foreign-apps.ts';
import { openApp, org, signInTo, urlOf } from '../support/people.ts';
import { narrow, overflowsOf } from './overflows.ts';

const screenshots = join(import.meta.dirname, '..', '..', '..', '..', '.local', 'screenshots', 'crowded');
const login = 'tomas.reyes';
/** A window of 1280 by 800 whose text somebody has made twice as large. */
const doubled = { width: 640, height: 400 };
/** A4 at 96 dots per inch, less its margins. */
const paper = { width: 718, height: 1040 };

let browser: Browser;
let page: Page;
beforeAll(async () => {
  await ownerQuery(
    `INSERT INTO directory.app (client_id, title, description, url, access, first_party, position)
     SELECT 'crowd-' || n, 'Crowded app of the organisation number ' || n, 'One of very many', 'https://crowd-' || n || '.example',
            'everyone', false, 800 + n FROM generate_series(1, 40) n`,
  );
  await ownerQuery(
    `INSERT INTO directory.app_role (client_id, role, title, description)
     SELECT 'finance', 'crowd-' || n, 'Reviewer of expenses, series ' || n, 'One of many' FROM generate_series(1, 12) n`,
  );
  await ownerQuery(
    `INSERT INTO directory.personal_grant (person_id, client_id, role, reason, starts_on)
     SELECT p.id, 'finance', r.role, 'crowd', directory.today() FROM directory.person p, directory.app_role r
     WHERE p.login = $1 AND r.role LIKE 'crowd-%'`,
    [login],
  );
  browser = await launchBrowser();
  page = await openWindow(browser, { reducedMotion: 'reduce' });
  await signInTo(page, 'finance', login);
});
afterAll(async () => {
  await browser?.close();
  await ownerQuery("DELETE FROM directory.personal_grant WHERE reason = 'crowd'");
  await ownerQuery("DELETE FROM directory.app_role WHERE role LIKE 'crowd-%'");
  await ownerQuery("DELETE FROM directory.app WHERE client_id LIKE 'crowd-%'");
});

const screenshot = (name: string) =>
  page.screenshot({ path: join(screenshots, `${name}.png`), fullPage: true, animations: 'disabled' });

/** Whether somebody can get to the last entry of a menu: it scrolls into the window, and nothing covers it. */
async function reachesLast(list: string): Promise<boolean> {
  const last = page.locator(list).last();
  await last.scrollIntoViewIfNeeded();
  await last.click({ trial: true });
  return true;
}

describe('C53 forty apps and twelve roles', () => {
  const pages = {
    'my-apps': () => page.goto(org.issuer),
    account: () => page.goto(`${org.issuer}/account`),
    finance: () => openApp(page, 'finance'),
  };

  describe.each(Object.entries(pages))('%s', (name, open) => {
    it.each([
      ['in the narrowest window', narrow],
      ['at 200 %', doubled],
    ])('shows all of it %s', async (_, size) => {
      await open();
      expect(await overflowsOf(page, size)).toEqual([]);
      await screenshot(`${name}-${size.width}`);
    });

    it('is whole on paper, without what is for the screen', async () => {
      await open();
      await page.emulateMedia({ media: 'print' });
      expect(await overflowsOf(page, paper)).toEqual([]);
      expect(
        await page
          .locator('.header-menus, .development-bar, .button, main form')
          .evaluateAll((parts) => parts.filter((part) => part.checkVisibility()).length),
      ).toBe(0);
      expect(await page.locator('h1').isVisible()).toBe(true);
      await screenshot(`${name}-print`);
      await page.emulateMedia({ media: 'screen' });
    });
  });

  it.each([narrow, doubled])('both menus reach their last entry at $width px', async (size) => {
    await openApp(page, 'finance');
    await page.setViewportSize(size);
    await page.locator('summary', { hasText: 'Apps' }).click();
    expect(await page.locator('.menu-list a').count()).toBeGreaterThan(40);
    expect(await reachesLast('.menu-panel .menu-footer:visible')).toBe(true);
    await page.screenshot({ path: join(screenshots, `menu-${size.width}.png`) });
    await page.locator('summary:has(.avatar)').click();
    expect(await reachesLast('.menu-panel button:visible')).toBe(true);
    await page.screenshot({ path: join(screenshots, `person-${size.width}.png`) });
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(size.width);
  });

  it('one of them is found from any app by typing its name', async () => {
    await openApp(page, 'finance');
    await page.setViewportSize(narrow);
    await page.locator('summary', { hasText: 'Apps' }).click();
    await page.getByRole('searchbox', { name: 'Search your apps' }).fill('number 37');
    await page.keyboard.press('Enter');
    await page.waitForURL((url) => url.origin === org.issuer);
    expect(await page.locator('.tile strong').allTextContents()).toEqual(['Crowded app of the organisation number 37']);
  });

  it('lead back to an app of ours', async () => {
    await page.goto(org.issuer);
    await page.locator('.tile', { hasText: 'Finance' }).first().click();
    await page.waitForURL((url) => url.origin === urlOf('finance'));
  });
});
