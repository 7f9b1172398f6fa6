import { type Configuration, errors } from 'oidc-provider';
import { apisOf } from './clients/summary.ts';

type ResourceIndicators = NonNullable<NonNullable<Configuration['features']>['resourceIndicators']>;

/**
 * App to app: a client that the directory permits gets a JWT access token (RFC 9068) for another app's API, named by
 * its resource indicator (RFC 8707). What was asked for at authorization is what the code redeems for.
 */
export const resourceIndicators: ResourceIndicators = {
  enabled: true,
  getResourceServerInfo(ctx, audience, client) {
    // Those APIs act for a person, whose sign-in they look at.
    if (ctx.oidc.params?.grant_type === 'client_credentials') {
      throw new errors.InvalidTarget('the resource is used on behalf of a person only');
    }
    const scopes = apisOf(client, ctx.oidc.provider.issuer)[audience];
    if (!scopes) throw new errors.InvalidTarget('this client may not call the resource');
    return { scope: scopes.join(' '), audience, accessTokenFormat: 'jwt', jwt: { sign: { alg: 'ES256' } } };
  },
  defaultResource: (_ctx, _client, oneOf) => oneOf,
  useGrantedResource: () => true,
};
