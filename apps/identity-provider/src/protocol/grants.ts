import { findConsent } from '@gatehouse/clients';
import { randomToken } from '@gatehouse/encryption';
import type { Configuration, KoaContextWithOIDC } from 'oidc-provider';
import type { Pool } from 'pg';
import { apisOf, type Client } from './clients/summary.ts';
import { sessionSecondsLeft } from './lifetimes.ts';
import { narrowedScope } from './narrowed-scope.ts';
import { requestUnit } from './storage/request-unit.ts';

type Session = NonNullable<KoaContextWithOIDC['oidc']['session']>;

/**
 * One grant per provider session and client: the one that the session's sign-in names, or a new one, which is stored
 * together with the sign-in when the code is issued. A first-party client gets all that it is registered for; anybody
 * else exactly what the person has agreed to, so what they took back is gone at the next request.
 */
export function createLoadExistingGrant(pool: Pool): NonNullable<Configuration['loadExistingGrant']> {
  return async (ctx) => {
    const { client, session, account, provider } = ctx.oidc;
    if (!client || !session || !account) throw new TypeError('A grant needs a client, a session and a person');
    const { clientId } = client;
    await storeSession(ctx, session);
    if (!session.sidFor(clientId)) session.sidFor(clientId, randomToken(16));

    const grant = new provider.Grant({ clientId, accountId: account.accountId });
    grant.jti = session.grantIdFor(clientId) ?? randomToken(16);
    const { scope, apis } = await grantable(pool, client, provider.issuer, account.accountId);
    if (scope) grant.addOIDCScope(scope);
    for (const [audience, scopes] of Object.entries(apis)) grant.addResourceScope(audience, scopes);
    await grant.save();
    return grant;
  };
}

async function grantable(pool: Pool, client: Client, issuer: string, personId: string) {
  const registered = { scope: client.scope ?? 'openid', apis: apisOf(client, issuer) };
  if (client.first_party === true) return registered;
  const consent = await findConsent(pool, personId, client.clientId);
  if (!consent) return { scope: '', apis: {} };
  return { scope: narrowedScope(consent.scopes.join(' '), registered.scope), apis: consent.apiScopes };
}

/** Sign-ins and codes refer to the session's row, so a session that is new, or has a new id, is stored before them. */
async function storeSession(ctx: KoaContextWithOIDC, session: Session): Promise<void> {
  if (requestUnit(ctx).session?.id !== session.jti) await session.save(sessionSecondsLeft(session.loginTs));
}
