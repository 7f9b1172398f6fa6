import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchBrowser, openWindow } from '../support/browser.ts';
import { openApp, org, signIn, signInTo, urlOf } from '../support/people.ts';

const password = 'harvest moon over the quay';
const mailbox = 'ines.rocha@harbour.example';

let browser: Browser;
let noor: Page;
let ines: Page;
beforeAll(async () => {
  browser = await launchBrowser();
  noor = await openWindow(browser);
  ines = await openWindow(browser);
  await signInTo(noor, 'console', 'noor.haddad', '/departments');
});
afterAll(() => browser.close());

const see = (page: Page, text: string) => page.getByText(text).first().waitFor();

/** A story: each test begins where the last one ended. */
describe('D1 D3 a department that the console makes, with nobody’s SQL', () => {
  it('has a designation, and a person who is invited and appointed to it', async () => {
    await noor.getByRole('link', { name: 'New department', exact: true }).click();
    await noor.getByLabel('Name').fill('Parks');
    await noor.getByLabel('Below').selectOption('council');
    await noor.getByRole('button', { name: 'Make department' }).click();
    await noor.getByRole('link', { name: 'New designation in Parks' }).click();
    await noor.getByLabel('Title').fill('Park Warden');
    await noor.getByRole('button', { name: 'Make designation' }).click();
    await see(noor, 'vacant');

    await openApp(noor, 'console', '/people');
    await noor.getByRole('link', { name: 'Invite somebody' }).click();
    await noor.getByLabel('Given name').fill('Ines');
    await noor.getByLabel('Family name').fill('Rocha');
    await noor.getByLabel('Login').fill('ines.rocha');
    await noor.getByLabel('E-mail address').fill(mailbox);
    await noor.getByRole('button', { name: 'Invite' }).click();
    await see(noor, 'Ines Rocha is invited');
    await noor.getByRole('link', { name: 'Appoint', exact: true }).click();
    await noor.getByLabel('Designation').selectOption('park-warden');
    await noor.getByRole('button', { name: 'Look at what this does' }).click();
    await see(noor, 'this changes for Ines Rocha');
    await noor.getByRole('button', { name: 'Appoint' }).click();
    await see(noor, 'The appointment of Ines Rocha is made');
  });

  it('gives its people a role by a rule, and says who they are first', async () => {
    await openApp(noor, 'console', '/apps');
    await noor.getByRole('link', { name: 'Give it by rule as Approver in Finance' }).click();
    await noor.getByLabel('Whoever holds, or belongs to').selectOption('designation park-warden');
    await noor.getByRole('button', { name: 'Look at what this does' }).click();
    await see(noor, '1 person gains');
    await see(noor, 'Ines Rocha');
    await noor.getByRole('button', { name: 'Add the rule' }).click();
    await see(noor, 'The rule is added');
  });

  it('lets its person in by the link in their mail, and out of the app at the next click once the post has ended', async () => {
    await ines.goto(`${org.issuer}/mailbox`);
    const mail = ines.locator('main tbody tr', { hasText: mailbox }).first();
    while (!(await mail.isVisible())) await ines.reload();
    await mail.getByRole('link').click();
    await ines.locator('main .prose a').click();
    for (const field of await ines.locator('input[type=password]').all()) await field.fill(password);
    await ines.locator('main button[type=submit]').click();
    await ines.locator('main a.button[href="/"]').waitFor();
    await openApp(ines, 'finance');
    await signIn(ines, 'ines.rocha', password);
    await ines.waitForURL(({ origin, pathname }) => origin === urlOf('finance') && !pathname.startsWith('/auth/'));
    await ines.locator('summary:has(.avatar)').click();
    await see(ines, 'In Finance: Approver');

    await openApp(noor, 'console', '/people?search=rocha');
    await noor.getByRole('link', { name: 'Ines Rocha' }).click();
    await noor.getByRole('link', { name: 'End Park Warden' }).click();
    await noor.getByLabel('Last day').fill(new Date(Date.now() - 2 * 86_400_000).toISOString().slice(0, 10));
    await noor.getByRole('button', { name: 'Look at what this does' }).click();
    await see(noor, 'Finance: Approver');
    await noor.getByRole('button', { name: 'End appointment' }).click();
    await see(noor, 'The appointment has its last day');
    expect((await ines.reload())?.status()).toBe(403);
  });
});
