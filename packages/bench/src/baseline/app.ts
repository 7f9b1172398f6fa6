/**
 * The bar, second half: a relying party as openid-client and express-session document it, with the session in memory,
 * userinfo, and nothing around it.
 */
import express from 'express';
import session from 'express-session';
import * as client from 'openid-client';

export interface BaselineApp {
  port: number;
  issuer: string;
  clientId: string;
  clientSecret: string;
}

declare module 'express-session' {
  interface SessionData {
    attempt?: { state: string; nonce: string; codeVerifier: string };
    person?: client.UserInfoResponse;
  }
}

const { port, issuer, clientId, clientSecret }: BaselineApp = JSON.parse(process.argv[2] ?? '');
const url = `http://localhost:${port}`;

const oidc = await client.discovery(
  new URL(issuer),
  clientId,
  { id_token_signed_response_alg: 'ES256' },
  client.ClientSecretBasic(clientSecret),
  { execute: [client.allowInsecureRequests] }, // everything is on loopback
);

const app = express();
app.use(session({ name: clientId, secret: clientSecret, resave: false, saveUninitialized: false }));

app.get('/login', async (req, res) => {
  const state = client.randomState();
  const nonce = client.randomNonce();
  const codeVerifier = client.randomPKCECodeVerifier();
  const location = client.buildAuthorizationUrl(oidc, {
    redirect_uri: `${url}/callback`,
    scope: 'openid profile',
    code_challenge: await client.calculatePKCECodeChallenge(codeVerifier),
    code_challenge_method: 'S256',
    state,
    nonce,
  });
  req.session.attempt = { state, nonce, codeVerifier };
  await saved(req);
  res.redirect(location.href);
});

app.get('/callback', async (req, res) => {
  const { attempt } = req.session;
  if (!attempt) return res.sendStatus(400);
  const tokens = await client.authorizationCodeGrant(oidc, new URL(req.originalUrl, url), {
    expectedState: attempt.state,
    expectedNonce: attempt.nonce,
    pkceCodeVerifier: attempt.codeVerifier,
    idTokenExpected: true,
  });
  const person = await client.fetchUserInfo(oidc, tokens.access_token, tokens.claims()?.sub ?? '');
  await new Promise<void>((resolve, reject) => req.session.regenerate((error) => (error ? reject(error) : resolve())));
  req.session.person = person;
  await saved(req);
  return res.redirect('/');
});

app.get('/', (req, res) => {
  if (!req.session.person) return res.redirect('/login');
  return res.send(`Hello ${req.session.person.name}`);
});

const saved = (req: express.Request) =>
  new Promise<void>((resolve, reject) => req.session.save((error) => (error ? reject(error) : resolve())));

app.listen(port, '127.0.0.1', () => process.send?.('ready'));
