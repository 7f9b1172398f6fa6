import { Secret, TOTP } from 'otpauth';
import type { Locator, Page } from 'playwright-core';
import { deviceAddress, foreignApp } from '../support/foreign-apps.ts';
import { openApp, org, signIn, signInTo, signOut, urlOf } from '../support/people.ts';
import { claimOvertaken } from './claim-overtaken.ts';
import { clientPages } from './client-pages.ts';
import { at, firstIn, openAs, type PageToSee, refused } from './page-to-see.ts';
import { postPages } from './post-pages.ts';

const provider = (name: string, arrive: PageToSee['arrive']): PageToSee => ({ app: 'identity-provider', name, arrive });

/** A page of somebody's own account. */
async function openAccount(page: Page, login: string, path = ''): Promise<void> {
  await page.goto(`${org.issuer}/account${path}`);
  await signIn(page, login);
  await page.waitForURL(`${org.issuer}/account${path}`);
}

/** @returns what shows the app's codes */
async function addAuthenticator(page: Page, login: string): Promise<TOTP> {
  await openAccount(page, login, '/authenticator');
  const secret = (await page.locator('main code').textContent()) ?? '';
  const app = new TOTP({ secret: Secret.fromBase32(secret.replaceAll(' ', '')) });
  await page.getByLabel('The six digits that the app shows now').fill(app.generate());
  await page.getByRole('button', { name: 'Add the app' }).click();
  await page.getByRole('heading', { name: 'Your recovery codes' }).waitFor();
  return app;
}

async function changeEmail(page: Page, login: string, email: string): Promise<void> {
  await openAccount(page, login, '/email');
  await page.getByLabel('New e-mail address').fill(email);
  await page.getByRole('button', { name: 'Send the link' }).click();
  await page.getByText(`It becomes ${email}`).waitFor();
}

async function forgetPassword(page: Page, login: string): Promise<void> {
  await page.goto(`${org.issuer}/forgotten-password`);
  await page.getByLabel('Login or e-mail address').fill(login);
  await page.getByRole('button', { name: 'Send the link' }).click();
  await page.getByRole('heading', { name: 'Look into your mail' }).waitFor();
}

/** With a mail to this address in it: they arrive a moment after the page that announces them. */
async function openMailbox(page: Page, address: string): Promise<Locator> {
  await page.goto(`${org.issuer}/mailbox`);
  const latest = page.locator('main tbody tr', { hasText: address }).first();
  while (!(await latest.isVisible())) await page.reload();
  return latest;
}

const openMailTo = async (page: Page, address: string) => (await openMailbox(page, address)).getByRole('link').click();

const inEnglish: PageToSee[] = [
  provider('sign-in', (page) => openApp(page, 'finance')),
  provider('sign-in-refused', async (page) => {
    await openApp(page, 'finance');
    await signIn(page, 'tomas.reyes', 'not the password at all');
    await page.getByRole('alert').first().waitFor();
  }),
  provider('signed-out', (page) => page.goto(`${org.issuer}/?error=access_denied`)),
  provider('my-apps', async (page) => {
    await signInTo(page, 'human-resources', 'samuel.price');
    await page.goto(org.issuer);
  }),
  provider('no-apps', async (page) => {
    await openApp(page, 'template');
    await signIn(page, 'lena.novak');
    await page.getByRole('link', { name: 'Go to my apps' }).click();
    await page.getByText('No app is open to you yet').waitFor();
  }),
  provider('why-not', async (page) => {
    await openApp(page, 'finance');
    await signIn(page, 'dev.patel');
    await page.getByRole('link', { name: 'Use another account' }).waitFor();
  }),
  provider('sign-out', async (page) => {
    await signInTo(page, 'template', 'tomas.reyes');
    await page.goto(`${org.issuer}/session/end`);
  }),
  provider('receipt', async (page) => {
    await signInTo(page, 'finance', 'grace.lindqvist');
    await openApp(page, 'human-resources');
    await signOut(page);
  }),
  provider('account', (page) => openAccount(page, 'samuel.price')),
  provider('password', async (page) => {
    await openAccount(page, 'tomas.reyes', '/password');
    await page.getByRole('button', { name: 'Change password' }).click();
    await page.locator('[aria-invalid=true]').first().waitFor();
  }),
  provider('sessions', async (page) => {
    await signInTo(page, 'finance', 'grace.lindqvist');
    await page.goto(`${org.issuer}/account/sessions`);
  }),
  provider('history', (page) => openAccount(page, 'tomas.reyes', '/history')),
  provider('forgotten-password', (page) => page.goto(`${org.issuer}/forgotten-password`)),
  provider('forgotten-password-sent', (page) => forgetPassword(page, 'adam.whitlock')),
  provider('mailbox', async (page) => {
    await forgetPassword(page, 'dev.patel');
    await openMailbox(page, 'dev.patel@harbour.example');
  }),
  provider('mail', async (page) => {
    await forgetPassword(page, 'uma.iyer');
    await openMailTo(page, 'uma.iyer@harbour.example');
  }),
  provider('set-password', async (page) => {
    await forgetPassword(page, 'zoe.hartley');
    await openMailTo(page, 'zoe.hartley@harbour.example');
    await page.locator('main .prose a').click();
    await page.getByRole('heading', { name: 'Choose your password' }).waitFor();
  }),
  provider('set-password-done', async (page) => {
    await forgetPassword(page, 'sofia.lund');
    await openMailTo(page, 'sofia.lund@harbour.example');
    await page.locator('main .prose a').click();
    for (const field of await page.locator('input[type=password]').all())
      await field.fill('harvest moon over the quay');
    await page.locator('main button[type=submit]').click();
    await page.locator('main a.button[href="/"]').waitFor();
  }),
  provider('link-just-used', async (page) => {
    await forgetPassword(page, 'leo.martins');
    await openMailTo(page, 'leo.martins@harbour.example');
    const link = await page.locator('main .prose a').getAttribute('href');
    await page.goto(String(link));
    for (const field of await page.locator('input[type=password]').all())
      await field.fill('harvest moon over the quay');
    await page.locator('main button[type=submit]').click();
    await page.locator('main a.button[href="/"]').waitFor();
    await page.goto(String(link));
    await page.getByText('used a moment ago').waitFor();
  }),
  provider('email', async (page) => {
    await openAccount(page, 'bella.romano', '/email');
    await page.getByRole('button', { name: 'Send the link' }).click();
    await page.locator('[aria-invalid=true]').first().waitFor();
  }),
  provider('email-pending', (page) => changeEmail(page, 'bella.romano', 'bella@elsewhere.example')),
  provider('confirm-email', async (page) => {
    await changeEmail(page, 'dora.weiss', 'dora@elsewhere.example');
    await openMailTo(page, 'dora@elsewhere.example');
    await page.locator('main .prose a').click();
    await page.getByRole('button', { name: 'Confirm' }).waitFor();
  }),
  provider('confirm-email-done', async (page) => {
    await changeEmail(page, 'una.gallagher', 'una@elsewhere.example');
    await openMailTo(page, 'una@elsewhere.example');
    await page.locator('main .prose a').click();
    await page.getByRole('button', { name: 'Confirm' }).click();
    await page.locator('main a.button[href="/account"]').waitFor();
  }),
  provider('confirm-email-unusable', (page) => page.goto(`${org.issuer}/confirm-email?token=used`)),
  provider('authenticator', async (page) => {
    await openAccount(page, 'adam.whitlock', '/authenticator');
    await page.getByRole('button', { name: 'Add the app' }).click();
    await page.locator('[aria-invalid=true]').first().waitFor();
  }),
  provider('passkey', async (page) => {
    await openAccount(page, 'adam.whitlock', '/passkeys/new');
    await page.getByLabel('Name').waitFor();
  }),
  provider('recovery-codes', (page) => addAuthenticator(page, 'zoe.hartley')),
  provider('second-factor', async (page) => {
    await addAuthenticator(page, 'uma.iyer');
    await page.context().clearCookies();
    await openApp(page, 'human-resources');
    await signIn(page, 'uma.iyer');
    await page.getByRole('heading', { name: 'Confirm that it is you' }).waitFor();
  }),
  provider('remembered-device', async (page) => {
    const app = await addAuthenticator(page, 'callum.reid');
    await page.context().clearCookies();
    await page.goto(`${org.issuer}/account/sessions`);
    await signIn(page, 'callum.reid');
    // The code of now was used up when the app was added.
    await page.getByLabel('Code', { exact: true }).fill(app.generate({ timestamp: Date.now() + 30_000 }));
    await page.getByLabel('Do not ask for a code on this device').check();
    await page.getByRole('button', { name: 'Continue' }).click();
    await page.getByRole('heading', { name: 'Devices that are not asked for a code' }).waitFor();
  }),
  provider('no-second-factor', async (page) => {
    await openAccount(page, 'dev.patel');
    const request = {
      client_id: 'account',
      response_type: 'none',
      scope: 'openid',
      redirect_uri: `${org.issuer}/account/signed-in`,
      acr_values: 'urn:gatehouse:acr:two-factor',
    };
    await page.goto(`${org.issuer}/auth?${new URLSearchParams(request)}`);
    await page.getByRole('heading', { name: 'This asks for more than a password' }).waitFor();
  }),
  provider('account-choice', async (page) => {
    await openAccount(page, 'dev.patel');
    await page.goto((await foreignApp()).signInUrl('openid', { prompt: 'select_account' }));
    await page.getByRole('button', { name: 'Continue as Dev Patel' }).waitFor();
  }),
  provider('interaction-over', (page) => page.goto(`${org.issuer}/interaction/long-gone`)),
  provider('link-unusable', (page) => page.goto(`${org.issuer}/set-password?token=used`)),
  provider('unknown-client', (page) => page.goto(`${org.issuer}/auth?client_id=nobody&response_type=code`)),
  provider('consent', async (page) => {
    const everything = 'openid profile email phone address org offline_access';
    await page.goto((await foreignApp()).signInUrl(everything, { prompt: 'consent' }));
    await signIn(page, 'grace.lindqvist');
    await page.getByRole('button', { name: 'Allow' }).waitFor();
  }),
  provider('account-with-an-app-of-others', async (page) => {
    await page.goto((await foreignApp()).signInUrl('openid email', { prompt: 'consent' }));
    await signIn(page, 'grace.lindqvist');
    await page.getByRole('button', { name: 'Allow' }).click();
    await page.waitForURL((url) => url.origin !== org.issuer);
    await page.goto(`${org.issuer}/account`);
    await page.getByRole('button', { name: 'Take back' }).first().waitFor();
  }),
  provider('device', (page) => page.goto(`${org.issuer}/device`)),
  provider('device-refused', async (page) => {
    await page.goto(`${org.issuer}/device`);
    await page.getByLabel('Code').fill('BBBB-CCCC');
    await page.getByRole('button', { name: 'Continue' }).click();
    await page.getByRole('alert').waitFor();
  }),
  provider('device-confirm', async (page) => {
    await page.goto(await deviceAddress());
    await page.getByRole('button', { name: 'It is my device' }).waitFor();
  }),
  provider('device-done', async (page) => {
    await page.goto(await deviceAddress());
    await page.getByRole('button', { name: 'It is my device' }).click();
    await signIn(page, 'grace.lindqvist');
    await page.getByRole('button', { name: 'Allow' }).click();
    await page.getByRole('heading', { name: 'Your device is connected' }).waitFor();
  }),
  provider('not-found', (page) => page.goto(`${org.issuer}/nowhere`)),

  at('console', 'people', 'noor.haddad', '/people'),
  firstIn('console', 'person', 'noor.haddad', '/people?search=reyes', '/people/'),
  ...postPages,
  at('console', 'apps', 'noor.haddad', '/apps'),
  at('console', 'audit', 'ruth.abara', '/audit'),
  ...clientPages,

  at('human-resources', 'home', 'tomas.reyes', '/'),
  at('human-resources', 'leave-new', 'tomas.reyes', '/leave/new'),
  refused('human-resources', 'leave-refused', 'tomas.reyes', '/leave/new', 'Send request'),
  at('human-resources', 'leave-everyone', 'amelia.hart', '/leave/all'),
  firstIn('human-resources', 'leave', 'amelia.hart', '/leave/all', '/leave/'),
  at('human-resources', 'people', 'amelia.hart', '/people'),
  firstIn('human-resources', 'person', 'amelia.hart', '/people', '/people/'),

  at('finance', 'home', 'tomas.reyes', '/'),
  at('finance', 'claim-new', 'tomas.reyes', '/claims/new'),
  refused('finance', 'claim-refused', 'tomas.reyes', '/claims/new', 'Save'),
  claimOvertaken,
  at('finance', 'claims', 'ruth.abara', '/claims/all'),
  firstIn('finance', 'claim', 'grace.lindqvist', '/claims/all', '/claims/'),
  at('finance', 'forbidden', 'yusuf.demir', '/claims/all'),
  {
    app: 'finance',
    name: 'not-found',
    login: 'tomas.reyes',
    async arrive(page) {
      await openAs(page, 'finance', 'tomas.reyes', '/');
      await openApp(page, 'finance', '/nowhere');
    },
  },

  at('service-desk', 'home', 'tomas.reyes', '/'),
  at('service-desk', 'ticket-new', 'tomas.reyes', '/tickets/new'),
  refused('service-desk', 'ticket-refused', 'tomas.reyes', '/tickets/new', 'Raise the ticket'),
  at('service-desk', 'queue', 'dev.patel', '/queue'),
  firstIn('service-desk', 'ticket', 'dev.patel', '/queue', '/tickets/'),
  at('service-desk', 'assets', 'dev.patel', '/assets'),
  at('service-desk', 'asset-new', 'dev.patel', '/assets/new'),
  firstIn('service-desk', 'asset', 'dev.patel', '/assets', '/assets/'),

  at('template', 'notices', 'tomas.reyes', '/'),
  at('template', 'notices-publisher', 'amelia.hart', '/'),
];

/** One of these in French, by the switch in its foot. */
const inFrench = (name: string): PageToSee =>
  provider(`${name}-in-french`, async (page) => {
    await inEnglish.find((each) => each.app === 'identity-provider' && each.name === name)?.arrive(page);
    await page.getByRole('link', { name: 'Français' }).click();
    await page.locator('html[lang=fr]').waitFor();
  });

export const pages: PageToSee[] = [...inEnglish, ...['sign-in', 'account', 'consent', 'unknown-client'].map(inFrench)];

export const addressOf = (app: string): string => (app === 'identity-provider' ? org.issuer : urlOf(app));
