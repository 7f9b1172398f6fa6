import type { Page } from 'playwright-core';
import { signInTo } from '../support/people.ts';

/** A page of an app as somebody sees it who may. `arrive` ends with the page open. */
export interface PageToSee {
  /** Names the folder of the screenshots. */
  app: string;
  name: string;
  arrive(page: Page): Promise<unknown>;
}

/** A page that its address leads to. */
export const at = (app: string, name: string, login: string, path: string): PageToSee => ({
  app,
  name,
  arrive: (page) => signInTo(page, app, login, path),
});

/** A page that the first link of a list leads to. */
export const firstIn = (app: string, name: string, login: string, list: string, link: string): PageToSee => ({
  app,
  name,
  async arrive(page) {
    await signInTo(page, app, login, list);
    const href = await page
      .locator(`main a[href^="${link}"]:not([href$="/new"], [href*="/all"])`)
      .first()
      .getAttribute('href');
    await page.goto(new URL(href ?? '', page.url()).href);
  },
});

/** A form that was sent empty: errors at the fields. */
export const refused = (app: string, name: string, login: string, path: string, button: string): PageToSee => ({
  app,
  name,
  async arrive(page) {
    await signInTo(page, app, login, path);
    await page.locator('main').getByRole('button', { name: button, exact: true }).click();
    await page.locator('[aria-invalid=true]').first().waitFor();
  },
});
