import { openAs, type PageToSee } from './page-to-see.ts';

/** A claim that its claimant handed in in another tab while they changed it in this one. */
export const claimOvertaken: PageToSee = {
  app: 'finance',
  name: 'claim-overtaken',
  login: 'tomas.reyes',
  async arrive(page) {
    await openAs(page, 'finance', 'tomas.reyes', '/claims/new');
    await page.getByLabel('What was it for?').fill('Train to Leeds');
    await page.getByLabel('Spent on').fill(new Date(Date.now() - 86_400_000).toISOString().slice(0, 10));
    await page.getByLabel('Amount in pounds').fill('8.40');
    await page.getByLabel('Category').selectOption('travel');
    await page.getByLabel('Cost centre').fill('4210');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('link', { name: 'Change' }).click();
    const other = await page.context().newPage();
    await other.goto(page.url().replace(/\/edit$/, ''));
    await other.getByRole('button', { name: 'Submit' }).click();
    await other.waitForURL(/done=/);
    await other.close();
    await page.getByLabel('What was it for?').fill('Train to Leeds and back');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('handed in since you opened it').waitFor();
  },
};
