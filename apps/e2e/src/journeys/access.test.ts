import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { demoPassword } from '@gatehouse/prisma/seed';
import { createBrowser } from '@gatehouse/test-kit/browser';
import pg from 'pg';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { clientIds, everybody, loginOf, personCalled, rolesByApp } from '../support/access-rules.ts';
import { launchBrowser, openWindow } from '../support/browser.ts';
import { submitSignIn } from '../support/http-sign-in.ts';
import { offeredApps, openApp, org, signIn, signInTo, titleOf, urlOf } from '../support/people.ts';

let browser: Browser;
let database: pg.Pool;

beforeAll(async () => {
  browser = await launchBrowser();
  database = new pg.Pool({ connectionString: org.database_url, max: 1 });
});
afterAll(async () => {
  await browser.close();
  await database.end();
});

const codesOf = async (login: string): Promise<string[]> => {
  const { rows } = await database.query<{ client_id: string }>(
    `SELECT DISTINCT client_id FROM protocol.state s JOIN directory.person p ON p.id::text = s.account_id
     WHERE s.model = 'AuthorizationCode' AND p.login = $1 ORDER BY 1`,
    [login],
  );
  return rows.map(({ client_id }) => client_id);
};

describe('each demo person × each app', () => {
  it.each(everybody.map((person) => [loginOf(person.name), person] as const))(
    'S65 C25 C26 %s gets in exactly where the access rules say, and no code exists anywhere else',
    async (login, person) => {
      const http = createBrowser();
      const expected = [...rolesByApp(person).keys()].sort();
      const opened: string[] = [];
      let signedIn = false;
      for (const clientId of clientIds) {
        let page = await http.visit(`${urlOf(clientId)}/`);
        if (!signedIn && page.body.includes('name="password"')) page = await submitSignIn(http, page, login);
        signedIn = !page.body.includes('name="password"');
        if (page.url.startsWith(`${urlOf(clientId)}/`)) opened.push(clientId);
        else expect(page.url.startsWith(org.issuer), page.url).toBe(true);
      }
      http.close();
      expect(opened.sort()).toEqual(expected);
      expect(await codesOf(login)).toEqual(expected);
    },
  );
});

it('C25 `org access` says of everybody what the sign-ins above have found', async () => {
  const program = join(import.meta.dirname, '..', '..', '..', '..', 'packages', 'directory', 'src', 'cli', 'main.ts');
  const env = { OWNER_DATABASE_URL: org.database_url };
  const { stdout } = await promisify(execFile)(process.execPath, [program, 'access', '--json'], { env });
  const said = JSON.parse(stdout) as { login: string; client_id: string; roles: string[] }[];
  const roles = new Map(said.map((each) => [`${each.login} ${each.client_id}`, each.roles]));
  for (const person of everybody) {
    const login = loginOf(person.name);
    const expected = rolesByApp(person);
    for (const clientId of clientIds) {
      expect(roles.get(`${login} ${clientId}`), `${login} in ${clientId}`).toEqual(expected.get(clientId) ?? []);
    }
  }
});

describe('somebody whom an app is not open to', () => {
  it('D15 reads why, and may go on as somebody else', async () => {
    const page = await openWindow(browser);
    await openApp(page, 'finance');
    await signIn(page, 'dev.patel');
    await page.getByRole('link', { name: 'Use another account' }).waitFor();
    const text = (await page.locator('main').textContent()) ?? '';
    expect(text).toContain('Dev Patel');
    expect(text).toContain('Service Desk Agent');
    expect(text).toContain('Finance is open to');
    await page.getByRole('link', { name: 'Use another account' }).click();
    await signIn(page, 'tomas.reyes');
    await page.waitForURL(`${urlOf('finance')}/`);
  });

  it('has no app at all on their first day, and is told so', async () => {
    const page = await openWindow(browser);
    await openApp(page, 'service-desk');
    await signIn(page, 'lena.novak');
    expect(await page.locator('main').textContent()).toContain('You hold no designation today');
    await page.goto(org.issuer);
    expect(await page.getByText('No app is open to you yet').isVisible()).toBe(true);
  });

  it('S33 S73 is told of a wrong password alike whether unknown, wrong or disabled', async () => {
    const messages = new Set<string>();
    for (const [login, password] of [
      ['nobody.here', demoPassword],
      ['tomas.reyes', 'not the password at all'],
      ['victor.stone', demoPassword],
    ] as const) {
      const page = await openWindow(browser);
      await openApp(page, 'service-desk');
      await signIn(page, login, password);
      await page.getByRole('alert').first().waitFor();
      messages.add(((await page.getByRole('alert').first().textContent()) ?? '').trim());
    }
    expect([...messages]).toHaveLength(1);
  });

  it('C26 sees in the switcher of every app they have open exactly the apps that let them in', async () => {
    const person = personCalled('samuel.price');
    const open = [...rolesByApp(person).keys()];
    const page = await openWindow(browser);
    await signInTo(page, open[0] ?? '', 'samuel.price');
    for (const clientId of open) {
      await openApp(page, clientId);
      expect(await offeredApps(page)).toEqual(open.map(titleOf));
      expect(await page.locator('.menu-list a[aria-current]').textContent()).toBe(titleOf(clientId));
    }
  });
});
