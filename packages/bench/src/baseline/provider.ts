/**
 * The bar, first half: oidc-provider as its documentation sets it up, with its in-memory adapter, ES256 and userinfo,
 * and nothing around it. Its sign-in page checks a password with the same Argon2id parameters as ours, so that the two
 * sign-ins differ in everything but the hash.
 */
import { randomBytes } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { hash, verify } from '@node-rs/argon2';
import { exportJWK, generateKeyPair } from 'jose';
import Provider, { type ClientMetadata } from 'oidc-provider';
import { argon2Parameters, benchPassword } from '../hash-cost.ts';

export interface BaselineProvider {
  port: number;
  clients: { clientId: string; clientSecret: string; url: string }[];
}

const { port, clients }: BaselineProvider = JSON.parse(process.argv[2] ?? '');
const { privateKey } = await generateKeyPair('ES256', { extractable: true });
const passwordHash = await hash(benchPassword, argon2Parameters);

const provider = new Provider(`http://localhost:${port}`, {
  clients: clients.map(
    ({ clientId, clientSecret, url }): ClientMetadata => ({
      client_id: clientId,
      client_secret: clientSecret,
      redirect_uris: [`${url}/callback`],
      id_token_signed_response_alg: 'ES256',
    }),
  ),
  jwks: { keys: [{ ...(await exportJWK(privateKey)), alg: 'ES256', use: 'sig' }] },
  cookies: { keys: [randomBytes(32).toString('base64url')] },
  features: { devInteractions: { enabled: false } },
  pkce: { required: () => true },
  claims: { openid: ['sub'], profile: ['name', 'email'] },
  findAccount: (_ctx, sub) => ({
    accountId: sub,
    claims: () => ({ sub, name: sub, email: `${sub}@harbour.example` }),
  }),
  interactions: { url: (_ctx, interaction) => `/interaction/${interaction.uid}` },
  async loadExistingGrant(ctx) {
    const { client, session } = ctx.oidc;
    if (!client || !session?.accountId) return undefined;
    const grantId = session.grantIdFor(client.clientId);
    if (grantId) return provider.Grant.find(grantId);
    const grant = new provider.Grant({ clientId: client.clientId, accountId: session.accountId });
    grant.addOIDCScope('openid profile');
    await grant.save();
    return grant;
  },
});

provider.use(async (ctx, next) => {
  if (!ctx.path.startsWith('/interaction/')) return next();
  const { uid } = await provider.interactionDetails(ctx.req, ctx.res);
  if (ctx.method === 'GET') {
    ctx.type = 'html';
    ctx.body = `<form method="post" action="/interaction/${uid}"><input name="login"><input name="password" type="password"></form>`;
    return;
  }
  const form = await readForm(ctx.req);
  if (!(await verify(passwordHash, form.get('password') ?? ''))) return ctx.throw(401);
  const result = { login: { accountId: form.get('login') ?? '', remember: false } };
  ctx.status = 303;
  ctx.set('location', await provider.interactionResult(ctx.req, ctx.res, result));
});

const readForm = async (request: IncomingMessage) => new URLSearchParams(await text(request));

provider.listen(port, '127.0.0.1', () => process.send?.('ready'));
