import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { launchBrowser, openWindow } from '../support/browser.ts';
import { addressOf, type PageToSee } from './pages.ts';

const screenshots = join(import.meta.dirname, '..', '..', '..', '..', '.local', 'screenshots');
const desktop = { width: 1280, height: 800 };
const phone = { width: 390, height: 844 };

/** One test for each page: axe finds nothing, it fits a phone, and its screenshots lie in `.local/screenshots`. */
export function checkPages(pages: readonly PageToSee[]): void {
  let browser: Browser;

  beforeAll(async () => {
    for (const { app } of pages) rmSync(join(screenshots, app), { recursive: true, force: true });
    browser = await launchBrowser();
  });
  afterAll(() => browser.close());

  it.each(pages)(
    '$app: $name has no violation in light and dark, fits a phone, and writes its screenshots',
    async ({ app, name, arrive }) => {
      const page = await openWindow(browser, { viewport: desktop, colorScheme: 'light', reducedMotion: 'reduce' });
      const faults: string[] = [];
      page.on('console', (message) => {
        if (/Content Security Policy/.test(message.text())) faults.push(message.text());
      });
      page.on('pageerror', (error) => faults.push(error.message));
      const screenshot = (variant: string) =>
        page.screenshot({
          path: join(screenshots, app, `${name}-${variant}.png`),
          fullPage: true,
          animations: 'disabled',
        });

      await arrive(page);
      expect(new URL(page.url()).origin).toBe(addressOf(app));
      expect(await violations(page)).toEqual([]);
      await screenshot('light');
      await page.emulateMedia({ colorScheme: 'dark' });
      expect(await violations(page, 'color-contrast')).toEqual([]);
      await screenshot('dark');
      await page.emulateMedia({ colorScheme: 'light' });
      await page.setViewportSize(phone);
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(phone.width);
      await screenshot('phone');
      expect(faults).toEqual([]);
      await page.context().close();
    },
  );
}

/** What axe finds, of all rules or only of one, each with the elements that it is about. */
async function violations(page: Page, rule?: string): Promise<string[]> {
  const axe = new AxeBuilder({ page });
  const { violations: found } = await (rule ? axe.withRules(rule) : axe).analyze();
  return found.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' | ')}`);
}
