import { randomToken } from '@gatehouse/encryption';
import type { Configuration, KoaContextWithOIDC } from 'oidc-provider';
import { apisOf, type Client } from './clients/summary.ts';
import { sessionSecondsLeft } from './lifetimes.ts';
import { requestUnit } from './storage/request-unit.ts';

type Session = NonNullable<KoaContextWithOIDC['oidc']['session']>;

/**
 * One grant per provider session and client: the one that the session's sign-in names, or a new one, which is stored
 * together with the sign-in when the code is issued. A first-party client gets all that it is registered for; anybody
 * else needs the person's consent first.
 */
export const loadExistingGrant: Configuration['loadExistingGrant'] = async (ctx) => {
  const { client, session, account, result, provider } = ctx.oidc;
  if (!client || !session || !account) throw new TypeError('A grant needs a client, a session and a person');
  const { clientId } = client;
  await storeSession(ctx, session);
  if (!session.sidFor(clientId)) session.sidFor(clientId, randomToken(16));
  const grantId = result?.consent?.grantId ?? session.grantIdFor(clientId);
  if (client.first_party !== true) return grantId ? provider.Grant.find(grantId) : undefined;

  const grant = new provider.Grant({ clientId, accountId: account.accountId });
  grant.jti = grantId ?? randomToken(16);
  addRegisteredScopes(grant, client);
  await grant.save();
  return grant;
};

function addRegisteredScopes(grant: InstanceType<KoaContextWithOIDC['oidc']['provider']['Grant']>, client: Client) {
  grant.addOIDCScope(client.scope ?? 'openid');
  for (const [audience, scopes] of Object.entries(apisOf(client))) grant.addResourceScope(audience, scopes);
}

/** Sign-ins and codes refer to the session's row, so a session that is new, or has a new id, is stored before them. */
async function storeSession(ctx: KoaContextWithOIDC, session: Session): Promise<void> {
  if (requestUnit(ctx).session?.id !== session.jti) await session.save(sessionSecondsLeft(session.loginTs));
}
