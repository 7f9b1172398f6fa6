/**
 * A page behind auth-client and nothing else: what a signed-in request costs before the app does anything. It runs as
 * the app whose client id, database login and session key it is given, and takes that app's sessions.
 */
import { authClient, requireLogin } from '@gatehouse/auth-client';
import { postgresStore } from '@gatehouse/auth-client/postgres';
import { connect } from '@gatehouse/prisma';
import express from 'express';

export interface GuardedPage {
  port: number;
  issuer: string;
  clientId: string;
  clientSecret: string;
  sessionKey: string;
  databaseUrl: string;
}

const { port, databaseUrl, ...options }: GuardedPage = JSON.parse(process.argv[2] ?? '');
const { pool } = connect(databaseUrl, { applicationName: 'guarded-page' });
const auth = authClient({
  ...options,
  baseUrl: `http://localhost:${port}`,
  store: postgresStore(pool, options),
});

const app = express();
app.use(auth.session);
app.get('/', requireLogin(), (req, res) => void res.send(`Hello ${req.auth?.person.name}`));
app.listen(port, '127.0.0.1', () => process.send?.('ready'));
