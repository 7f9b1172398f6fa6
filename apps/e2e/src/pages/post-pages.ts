import type { Page } from 'playwright-core';
import { openAs, type PageToSee } from './page-to-see.ts';

const login = 'noor.haddad';

async function openPerson(page: Page, search: string, name: string): Promise<void> {
  await openAs(page, 'console', login, `/people?search=${search}`);
  await page.getByRole('link', { name }).click();
  await page.getByRole('heading', { name: 'Appointments' }).waitFor();
}

const ofConsole = (name: string, arrive: PageToSee['arrive']): PageToSee => ({ app: 'console', name, login, arrive });

/** What an administrator does to the organisation, and to somebody in it. */
export const postPages: PageToSee[] = [
  ofConsole('departments', (page) => openAs(page, 'console', login, '/departments')),
  ofConsole('new-designation-refused', async (page) => {
    await openAs(page, 'console', login, '/new-designation?department=finance');
    await page.getByRole('button', { name: 'Make designation' }).click();
    await page.locator('[aria-invalid=true]').first().waitFor();
  }),
  ofConsole('rule-effect', async (page) => {
    await openAs(page, 'console', login, '/apps/finance/roles/approver/rule');
    await page.getByLabel('Whoever holds, or belongs to').selectOption('department finance');
    await page.getByRole('button', { name: 'Look at what this does' }).click();
    await page.getByRole('button', { name: 'Add the rule' }).waitFor();
  }),
  ofConsole('invite-refused', async (page) => {
    await openAs(page, 'console', login, '/new-person');
    await page.getByRole('button', { name: 'Invite' }).click();
    await page.locator('[aria-invalid=true]').first().waitFor();
  }),
  ofConsole('disable', async (page) => {
    await openPerson(page, 'whitlock', 'Adam Whitlock');
    await page.getByRole('link', { name: 'Disable account' }).click();
  }),
  ofConsole('appoint-refused', async (page) => {
    await openPerson(page, 'novak', 'Lena Novak');
    await page.getByRole('link', { name: 'Appoint', exact: true }).click();
    await page.getByRole('button', { name: 'Look at what this does' }).click();
    await page.locator('[aria-invalid=true]').first().waitFor();
  }),
  ofConsole('appoint-effect', async (page) => {
    await openPerson(page, 'novak', 'Lena Novak');
    await page.getByRole('link', { name: 'Appoint', exact: true }).click();
    await page.getByLabel('Designation').selectOption('finance-clerk');
    await page.getByRole('button', { name: 'Look at what this does' }).click();
    await page.getByText('this changes for Lena Novak').waitFor();
  }),
  ofConsole('appointment-end', async (page) => {
    await openPerson(page, 'reyes', 'Tomas Reyes');
    await page.getByRole('link', { name: /^End / }).first().click();
    await page.getByLabel('Last day').waitFor();
  }),
  ofConsole('grant', async (page) => {
    await openPerson(page, 'novak', 'Lena Novak');
    await page.getByRole('link', { name: 'Give a role' }).click();
    await page.getByLabel('Reason').waitFor();
  }),
];
