import { demoPassword } from '@gatehouse/prisma/seed';
import type { Page } from 'playwright-core';
import { expect, inject } from 'vitest';

export const org = inject('org');

/** An app's address without a trailing slash. */
export function urlOf(clientId: string): string {
  const app = org.apps.find((each) => each.client_id === clientId);
  if (!app) throw new Error(`There is no app ${clientId}`);
  return app.url;
}

export const titleOf = (clientId: string): string =>
  org.apps.find((each) => each.client_id === clientId)?.title ?? clientId;

/** Opens an app, or a page of it, as somebody does who has its address. */
export async function openApp(page: Page, clientId: string, path = '/'): Promise<void> {
  await page.goto(urlOf(clientId) + path);
}

/** Fills in the sign-in page that is open. */
export async function signIn(page: Page, login: string, password = demoPassword): Promise<void> {
  await page.getByLabel('Login').fill(login);
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
}

/** Opens an app as a person who is signed in nowhere yet. */
export async function signInTo(page: Page, clientId: string, login: string, path = '/'): Promise<void> {
  await openApp(page, clientId, path);
  await signIn(page, login);
  await page.waitForURL((url) => url.origin === urlOf(clientId) && !url.pathname.startsWith('/auth/'));
}

/** Signs out through the menu of the app that is open. */
export async function signOut(page: Page): Promise<void> {
  await page.locator('summary:has(.avatar)').click();
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.getByRole('heading', { name: 'You are signed out' }).waitFor();
}

/** Hops through the app switcher. */
export async function hopTo(page: Page, clientId: string): Promise<void> {
  await page.locator('summary', { hasText: 'Apps' }).click();
  await page
    .locator('.menu-list')
    .getByRole('link', { name: titleOf(clientId), exact: true })
    .click();
  await page.waitForURL((url) => url.origin === urlOf(clientId) && !url.pathname.startsWith('/auth/'));
}

/** Which of the organisation's own apps the switcher offers, by title; other journeys register apps of others. */
export const offeredApps = (page: Page): Promise<string[]> => ownApps(page, '.menu-list a');

/** Which of them have a tile on the page with one's apps. */
export const tiles = (page: Page): Promise<string[]> => ownApps(page, '.tile strong');

async function ownApps(page: Page, selector: string): Promise<string[]> {
  const titles = await page.locator(selector).allTextContents();
  return titles.map((text) => text.trim()).filter((title) => org.apps.some((app) => app.title === title));
}

/** Whether the page that is open asks for a password. */
export const asksToSignIn = (page: Page): Promise<boolean> => page.getByLabel('Password', { exact: true }).isVisible();

/** Opens the app and expects it to ask for a sign-in. */
export async function expectSignedOut(page: Page, clientId: string): Promise<void> {
  await openApp(page, clientId);
  expect(new URL(page.url()).origin, `${clientId} still lets them in`).toBe(org.issuer);
  expect(await asksToSignIn(page)).toBe(true);
}
