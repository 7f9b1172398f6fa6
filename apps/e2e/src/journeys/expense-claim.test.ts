import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { launchBrowser, openWindow } from '../support/browser.ts';
import { hopTo, signInTo } from '../support/people.ts';

let browser: Browser;

beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser.close());

/** The button in the page itself: the header has others. */
const button = (page: Page, name: string | RegExp) => page.locator('main').getByRole('button', { name });

it("takes a claim from the receipt to the payment, past the claimant's manager whom Human Resources names", async () => {
  const claimant = await openWindow(browser);
  await signInTo(claimant, 'finance', 'zoe.hartley');
  await claimant.locator('main').getByRole('link', { name: 'New claim' }).first().click();
  await claimant.getByLabel('What was it for?').fill('Book on public accounting');
  await claimant.getByLabel('Spent on').fill(new Date().toISOString().slice(0, 10));
  await claimant.getByLabel('Amount in pounds').fill('£34.50');
  await claimant.getByLabel('Category').selectOption({ label: 'Training' });
  await claimant.getByLabel('Cost centre').fill('421');
  const receipt = { name: 'receipt.pdf', mimeType: 'application/pdf', buffer: Buffer.from('%PDF-1.7\n%%EOF') };
  await claimant.getByLabel('Receipt').setInputFiles(receipt);
  await button(claimant, 'Save').click();
  await claimant.getByText('A cost centre has four digits').first().waitFor();
  expect(await claimant.getByLabel('Amount in pounds').inputValue()).toBe('£34.50');

  await claimant.getByLabel('Cost centre').fill('4215');
  await claimant.getByLabel('Receipt').setInputFiles(receipt);
  await button(claimant, 'Save').click();
  await button(claimant, 'Submit').click();
  await claimant.getByText('Sent to Grace Lindqvist').waitFor();
  const { pathname } = new URL(claimant.url());

  const manager = await openWindow(browser);
  await signInTo(manager, 'human-resources', 'grace.lindqvist');
  await hopTo(manager, 'finance');
  await manager.getByRole('link', { name: 'Book on public accounting' }).click();
  const download = manager.waitForEvent('download');
  await manager.getByRole('link', { name: 'Receipt: receipt.pdf' }).click();
  expect((await download).suggestedFilename()).toBe('receipt.pdf');
  await button(manager, 'Approve').click();
  await manager.getByText('The claim is approved.').waitFor();

  const clerk = await openWindow(browser);
  await signInTo(clerk, 'finance', 'tomas.reyes', pathname);
  await button(clerk, 'Mark £34.50 as paid').click();
  await claimant.reload();
  await claimant.locator('.badge', { hasText: 'Paid' }).waitFor();
}, 120_000);
