import type { Page } from 'playwright-core';
import { asksToSignIn, openApp, signIn, urlOf } from '../support/people.ts';

/** A page of an app as somebody sees it who may. `arrive` ends with the page open. */
export interface PageToSee {
  /** Names the folder of the screenshots. */
  app: string;
  name: string;
  /** Who sees it, in a window where they are signed in from one page to the next. Without one, a stranger begins. */
  login?: string;
  arrive(page: Page): Promise<unknown>;
}

/** Opens a page of an app, and signs in where the window is not signed in yet. */
export async function openAs(page: Page, app: string, login: string, path: string): Promise<void> {
  await openApp(page, app, path);
  if (await asksToSignIn(page)) await signIn(page, login);
  await page.waitForURL((url) => url.origin === urlOf(app) && !url.pathname.startsWith('/auth/'));
}

/** A page that its address leads to. */
export const at = (app: string, name: string, login: string, path: string): PageToSee => ({
  app,
  name,
  login,
  arrive: (page) => openAs(page, app, login, path),
});

/** A page that the first link of a list leads to. */
export const firstIn = (app: string, name: string, login: string, list: string, link: string): PageToSee => ({
  app,
  name,
  login,
  async arrive(page) {
    await openAs(page, app, login, list);
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
  login,
  async arrive(page) {
    await openAs(page, app, login, path);
    await page.locator('main').getByRole('button', { name: button, exact: true }).click();
    await page.locator('[aria-invalid=true]').first().waitFor();
  },
});
