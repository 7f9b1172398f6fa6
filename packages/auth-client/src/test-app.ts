import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { randomToken } from '@gatehouse/encryption';
import type { TestProvider } from '@gatehouse/test-kit/provider';
import express, { type ErrorRequestHandler, type Express } from 'express';
import {
  AuthClientError,
  type AuthClientOptions,
  type AuthStore,
  authClient,
  memoryStore,
  requireLogin,
} from './index.ts';

export interface TestApp {
  url: string;
  clientId: string;
  clientSecret: string;
  close(): Promise<void>;
}

export interface TestAppOptions {
  clientId?: string;
  store?: AuthStore;
  /** Further options of `authClient`. */
  options?: Partial<AuthClientOptions>;
  /** Adds routes of the test's own, after the session is loaded. */
  routes?(app: Express, auth: ReturnType<typeof authClient>): void;
}

/**
 * A relying party at a free port, registered at the provider. `/` and `/pages/…` need a login and show who is there.
 */
export async function createTestApp(provider: TestProvider, setup: TestAppOptions = {}): Promise<TestApp> {
  const { clientId = 'finance', store = memoryStore(), options, routes } = setup;
  const clientSecret = randomToken();
  const server = createServer({ maxHeaderSize: 32 * 1024 });
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
  const url = `http://localhost:${(server.address() as AddressInfo).port}`;
  provider.register({ clientId, clientSecret, baseUrl: url });
  const auth = authClient({
    issuer: provider.issuer,
    clientId,
    clientSecret,
    baseUrl: url,
    sessionKey: randomToken(),
    store,
    timeout: 2,
    ...options,
  });
  const app = express().use(auth.session, auth.routes);
  routes?.(app, auth);
  app.get(
    ['/', '/pages/*page'],
    requireLogin(),
    (req, res) => void res.json({ page: req.originalUrl, auth: req.auth }),
  );
  app.use(answerError);
  server.on('request', app);
  return {
    url,
    clientId,
    clientSecret,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const answerError: ErrorRequestHandler = (error, _req, res, _next) => {
  if (!(error instanceof AuthClientError)) return void res.status(500).json({ error: String(error) });
  res.status(error.status).set(error.headers).json({ error: error.code, login_url: error.loginUrl });
};
