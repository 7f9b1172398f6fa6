import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Credentials } from '@gatehouse/clients';
import express, { type Express } from 'express';
import type { Page } from 'playwright-core';
import { register } from '../support/foreign-apps.ts';
import { signIn } from '../support/people.ts';

/** An app made with somebody else's library, at an address of its own. */
export interface ForeignApp {
  url: string;
  credentials: Credentials;
  close(): Promise<void>;
}

/**
 * Registers an app as `pnpm client add` does, and serves it.
 *
 * @param metadata given the app's address
 * @param build mounts the library on the app
 */
export async function serveForeignApp(
  metadata: (url: string) => Record<string, unknown>,
  build: (app: Express, url: string, credentials: Credentials) => void,
): Promise<ForeignApp> {
  const app = express();
  const server: Server = createServer(app).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://localhost:${(server.address() as AddressInfo).port}`;
  const credentials = await register(metadata(url));
  build(app, url, credentials);
  return {
    url,
    credentials,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/** Signs in at the provider and lets the app know who it is. */
export async function signInAndAllow(page: Page, login: string): Promise<void> {
  await signIn(page, login);
  await page.getByRole('button', { name: 'Allow' }).click();
}

/** Confirms that everything is to be signed out of, and is back at the app. */
export async function confirmSignOut(page: Page, url: string): Promise<void> {
  await page.getByRole('button', { name: 'Sign out of everything' }).click();
  await page.waitForURL((address) => address.href.startsWith(url));
}
