import { join } from 'node:path';
import { AuthClientError, type AuthStore, authClient, memoryStore, requireLogin } from '@gatehouse/auth-client';
import express, { type ErrorRequestHandler, type Express } from 'express';
import helmet from 'helmet';
import type { Config } from './config.ts';
import { frontPage, page } from './pages.ts';

interface Deps {
  config: Config;
  /** Where app sessions are kept. In this process by default: run one, or give a store that several share. */
  store?: AuthStore;
}

/** What a request meets, from the top down, is the security policy. */
export function createApp({ config, store = memoryStore() }: Deps): Express {
  const auth = authClient({ ...config, store });
  const app = express();
  app.get('/livez', (_req, res) => void res.json({ status: 'ok' }));
  // Signing out is a form that ends at the provider, and browsers hold redirects to the policy too.
  app.use(helmet({ contentSecurityPolicy: { directives: { 'form-action': ["'self'", config.issuer] } } }));
  app.use(express.static(join(import.meta.dirname, '..', 'public')));
  app.use(auth.session, auth.routes);
  app.get('/', requireLogin(), (req, res) => void res.send(frontPage(req.auth!.person)));
  app.use((_req, res) => void res.status(404).send(page('Not found', '<p>There is no page at this address.</p>')));
  app.use(answerError);
  return app;
}

const answerError: ErrorRequestHandler = (error: unknown, _req, res, _next) => {
  if (!(error instanceof AuthClientError)) console.error(error);
  const { status, publicText, headers } =
    error instanceof AuthClientError ? error : { status: 500, publicText: 'Something went wrong.', headers: {} };
  res
    .status(status)
    .set(headers)
    .send(page('That did not work', `<p>${publicText}</p><p><a href="/">Try again</a></p>`));
};
