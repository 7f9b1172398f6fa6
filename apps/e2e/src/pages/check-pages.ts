import { rmSync } from 'node:fs';
import { join } from 'node:path';
import axe, { type AxeResults, type RunOptions } from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { launchBrowser, openWindow } from '../support/browser.ts';
import { fillWithLongWords, overflowsOf } from './overflows.ts';
import type { PageToSee } from './page-to-see.ts';
import { addressOf } from './pages.ts';

const screenshots = join(import.meta.dirname, '..', '..', '..', '..', '.local', 'screenshots');
const desktop = { width: 1280, height: 800 };
const phone = { width: 390, height: 844 };

/** One test for each page: axe finds nothing, it fits a phone, and its screenshots lie in `.local/screenshots`. */
export function checkPages(pages: readonly PageToSee[]): void {
  let browser: Browser;
  let faults: string[];
  const windows = new Map<string, Page>();

  beforeAll(async () => {
    for (const { app } of pages) rmSync(join(screenshots, app), { recursive: true, force: true });
    browser = await launchBrowser();
  });
  beforeEach(() => {
    faults = [];
  });
  afterAll(() => browser.close());

  /** One window for each person and one for all strangers, because a new one costs more than a page. */
  async function windowOf(login = 'a stranger'): Promise<Page> {
    const page = windows.get(login) ?? (await openWatched(login));
    if (login === 'a stranger') await page.context().clearCookies();
    await page.setViewportSize(desktop);
    await page.emulateMedia({ colorScheme: 'light' });
    return page;
  }

  async function openWatched(login: string): Promise<Page> {
    const page = await openWindow(browser, { reducedMotion: 'reduce' });
    page.on('console', (message) => {
      if (/Content Security Policy/.test(message.text())) faults.push(message.text());
    });
    page.on('pageerror', (error) => faults.push(error.message));
    windows.set(login, page);
    return page;
  }

  it.each(pages)(
    'C53 $app: $name has no violation in light and dark, fits a phone and long words, nothing covered, and writes its screenshots',
    async ({ app, name, login, arrive }) => {
      const page = await windowOf(login);
      const screenshot = (variant: string) =>
        page.screenshot({
          path: join(screenshots, app, `${name}-${variant}.png`),
          fullPage: true,
          animations: 'disabled',
        });

      await arrive(page);
      expect(new URL(page.url()).origin).toBe(addressOf(app));
      await page.evaluate(axe.source);
      expect(await violations(page, {})).toEqual([]);
      await screenshot('light');
      await page.emulateMedia({ colorScheme: 'dark' });
      expect(await violations(page, { runOnly: ['color-contrast'] })).toEqual([]);
      await screenshot('dark');
      await page.emulateMedia({ colorScheme: 'light' });
      await page.setViewportSize(phone);
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(phone.width);
      await screenshot('phone');
      expect(await overflowsOf(page)).toEqual([]);
      await fillWithLongWords(page);
      expect(await overflowsOf(page)).toEqual([]);
      await screenshot('narrow');
      expect(faults).toEqual([]);
    },
  );
}

/** What axe, which is in the page already, finds there, each with the elements that it is about. */
async function violations(page: Page, options: RunOptions): Promise<string[]> {
  const run = JSON.stringify({ ...options, resultTypes: ['violations'] } satisfies RunOptions);
  const { violations: found } = await page.evaluate<AxeResults>(`axe.run(${run})`);
  return found.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' | ')}`);
}
