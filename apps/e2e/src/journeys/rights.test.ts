import { endAppointment, grantRole, startAppointment, withdrawRole } from '@gatehouse/directory/manage';
import pg from 'pg';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchBrowser, openWindow } from '../support/browser.ts';
import { asksToSignIn, openApp, org, signIn, signInTo, urlOf } from '../support/people.ts';

const apps = ['finance', 'human-resources', 'service-desk'];

let browser: Browser;
let database: pg.Pool;

beforeAll(async () => {
  browser = await launchBrowser();
  database = new pg.Pool({ connectionString: org.database_url, max: 2 });
});
afterAll(async () => {
  await browser.close();
  await asSeeded();
  await database.end();
});

/** The other journeys go by the seed, and files run in any order. */
async function asSeeded(): Promise<void> {
  await database.query("UPDATE directory.person SET status = 'active', disabled_at = NULL WHERE login = 'theo.barnes'");
  const uma = await personId('uma.iyer');
  await database.query('DELETE FROM directory.appointment WHERE person_id = $1 AND ends_on IS NULL', [uma]);
  await database.query(
    "UPDATE directory.appointment SET starts_on = '2024-01-01', ends_on = NULL WHERE person_id = $1",
    [uma],
  );
}

async function personId(login: string): Promise<string> {
  const { rows } = await database.query('SELECT id FROM directory.person WHERE login = $1', [login]);
  return rows[0].id;
}

/** The status with which an open app answers the next request. A sign-in page would be a redirect elsewhere. */
async function nextRequest(page: Page, clientId: string, path = '/'): Promise<number> {
  const response = await page.goto(urlOf(clientId) + path);
  expect(new URL(page.url()).origin, 'no new sign-in').toBe(urlOf(clientId));
  return response?.status() ?? 0;
}

describe('somebody with three apps open', () => {
  it('C3 C32 S64 D1 has a role from the next request after it is given, until the next after it is taken back', async () => {
    const page = await openWindow(browser);
    await signInTo(page, 'service-desk', 'wendy.clarke');
    expect(await nextRequest(page, 'service-desk', '/queue')).toBe(403);
    const grant = {
      personId: await personId('wendy.clarke'),
      clientId: 'service-desk',
      role: 'agent',
      reason: 'covers',
    };
    const id = await grantRole(database, grant);
    expect(await nextRequest(page, 'service-desk', '/queue')).toBe(200);
    await withdrawRole(database, id);
    expect(await nextRequest(page, 'service-desk', '/queue')).toBe(403);
  });

  it('S64 D1 C47 is out of every app with the end of an appointment, and back in with the begin of another', async () => {
    const page = await openWindow(browser);
    await signInTo(page, 'finance', 'uma.iyer');
    for (const clientId of apps) expect(await nextRequest(page, clientId)).toBe(200);
    const person = await personId('uma.iyer');
    const { rows } = await database.query('SELECT id FROM directory.appointment WHERE person_id = $1', [person]);
    await endAppointment(database, { id: rows[0].id });
    for (const clientId of apps) expect(await nextRequest(page, clientId)).toBe(403);
    await startAppointment(database, { personId: person, designationCode: 'service-desk-agent' });
    expect(await nextRequest(page, 'service-desk', '/queue')).toBe(200);
    expect(await nextRequest(page, 'human-resources')).toBe(200);
    expect(await nextRequest(page, 'finance')).toBe(403);
  });

  it('S72 S73 S59 R23 is out of every app when an administrator disables them, and cannot come back', async () => {
    const leaver = await openWindow(browser);
    await signInTo(leaver, 'finance', 'theo.barnes');
    for (const clientId of apps) expect(await nextRequest(leaver, clientId)).toBe(200);

    const administrator = await openWindow(browser);
    await signInTo(administrator, 'console', 'noor.haddad', `/people/${await personId('theo.barnes')}`);
    await administrator.getByRole('link', { name: 'Disable account' }).click();
    await administrator.getByLabel('Reason').fill('left on Friday');
    await administrator.getByRole('button', { name: 'Disable account' }).click();
    await administrator.getByText('Theo Barnes is disabled and signed out everywhere.').waitFor();

    for (const clientId of apps) {
      await openApp(leaver, clientId);
      expect(new URL(leaver.url()).origin).toBe(org.issuer);
      expect(await asksToSignIn(leaver)).toBe(true);
    }
    await signIn(leaver, 'theo.barnes');
    await leaver.getByRole('alert').first().waitFor();
    expect(await asksToSignIn(leaver)).toBe(true);
  });

  it('S74 C31 is out in one browser when an administrator ends that session, and stays in the other', async () => {
    const here = await openWindow(browser);
    await signInTo(here, 'service-desk', 'erik.solberg');
    const administrator = await openWindow(browser);
    await signInTo(administrator, 'console', 'noor.haddad', `/people/${await personId('erik.solberg')}`);
    const elsewhere = await openWindow(browser);
    await signInTo(elsewhere, 'human-resources', 'erik.solberg');

    await administrator.getByRole('button', { name: /^End/ }).first().click();
    await administrator.getByText('The session has ended.', { exact: false }).waitFor();
    await openApp(here, 'service-desk');
    expect(await asksToSignIn(here)).toBe(true);
    expect(await nextRequest(elsewhere, 'human-resources')).toBe(200);
  });
});
