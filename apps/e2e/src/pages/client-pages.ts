import type { Page } from 'playwright-core';
import { ownerQuery, register } from '../support/foreign-apps.ts';
import { at, openAs, type PageToSee } from './page-to-see.ts';

const administrator = 'noor.haddad';
/** Closed to everybody, so that it has a tile nowhere. */
const addresses = {
  redirect_uris: ['http://localhost:7100/callback'],
  client_uri: 'http://localhost:7100',
  access: 'rules',
};

/** A client of others, by the path of its page. */
async function aClient(): Promise<string> {
  const { client_id } = await register({
    ...addresses,
    client_name: 'Town Museum',
    description: 'Tickets and opening hours',
    contacts: ['museum@harbour.example'],
    backchannel_logout_uri: 'http://localhost:7100/logout',
  });
  return `/clients/${client_id}`;
}

const ofClient = (name: string, arrive: (page: Page, path: string) => Promise<unknown>): PageToSee => ({
  app: 'console',
  name,
  login: administrator,
  arrive: async (page) => arrive(page, await aClient()),
});

/** The pages of the console about clients and what they are told. */
export const clientPages: readonly PageToSee[] = [
  at('console', 'clients', administrator, '/clients'),
  ofClient('client', (page, path) => openAs(page, 'console', administrator, path)),
  {
    app: 'console',
    name: 'client-refused',
    login: administrator,
    async arrive(page) {
      await openAs(page, 'console', administrator, '/new-client');
      await page.getByLabel('Redirect URIs', { exact: false }).first().fill('http://elsewhere.example/callback');
      await page.locator('summary', { hasText: 'More' }).click();
      await page.getByLabel('Access tokens live').fill('long');
      await page.getByRole('button', { name: 'Register' }).click();
      await page.locator('[aria-invalid=true]').first().waitFor();
    },
  },
  ofClient('client-secret', async (page, path) => {
    await openAs(page, 'console', administrator, path);
    await page.getByRole('button', { name: 'Make a new secret' }).click();
    await page.getByRole('heading', { name: 'The new secret' }).waitFor();
  }),
  ofClient('client-remove', (page, path) => openAs(page, 'console', administrator, `${path}/remove`)),
  ofClient('deliveries', async (page, path) => {
    await ownerQuery(
      `INSERT INTO protocol.logout_delivery
         (session_uid, client_id, sid, person_id, pointless_at, attempts, next_attempt_at, delivered_at, last_error)
       SELECT 'seen', $1, 'seen-' || n || login, id, now() + make_interval(hours => 4 - 2 * (n % 3)), n, now() + interval '3 hours',
              CASE n % 3 WHEN 1 THEN now() END, 'expected 200 OK from http://localhost:7100/logout, got: 503'
       FROM directory.person, generate_series(0, 2) n WHERE login IN ('tomas.reyes', 'grace.lindqvist')`,
      [path.replace('/clients/', '')],
    );
    await openAs(page, 'console', administrator, '/deliveries');
  }),
];
