import type { ClientMetadata } from 'oidc-provider';
import type { Acr } from '../authentication-context.ts';

export const ACCOUNT = 'account';

/** Where the account pages take over again after a sign-in. */
const RETURN = '/account/signed-in';

/** The pages that a sign-in may lead back to, and the interaction that goes on after them. */
const PAGES = /^\/account(?:\/[a-z-]+)*(?:\?continue=[\w-]+)?$/;

/**
 * The account pages sign people in like any app, and like the launcher need no token. So asking for a recent sign-in
 * is an ordinary request with `max_age`, and every factor that signs in also confirms a change.
 */
export function accountClient(issuer: string): ClientMetadata {
  return {
    client_id: ACCOUNT,
    client_name: 'Your account',
    client_uri: `${issuer}/account`,
    redirect_uris: [`${issuer}${RETURN}`],
    response_types: ['none'],
    response_modes: ['query'],
    grant_types: [],
    token_endpoint_auth_method: 'none',
    scope: 'openid',
    first_party: true,
  };
}

/**
 * Local path that signs a person in and comes back to a page of the account.
 * @param maxAge seconds since the person last proved who they are; without it any live session will do
 * @param acr how strong the sign-in has to be; without it the person's usual one will do
 */
export function accountSignInPath(
  issuer: string,
  { page, maxAge, acr }: { page: string; maxAge?: number | undefined; acr?: Acr | undefined },
): string {
  const query = new URLSearchParams({
    client_id: ACCOUNT,
    response_type: 'none',
    scope: 'openid',
    redirect_uri: `${issuer}${RETURN}`,
    state: page,
    target_link_uri: issuer + page,
    ...(maxAge !== undefined && { max_age: String(maxAge) }),
    ...(acr && { acr_values: acr }),
  });
  return `/auth?${query}`;
}

/** The page of the account that a sign-in was for. Anything else than one of ours becomes the first one. */
export function returnFromSignIn(state: unknown): string {
  return typeof state === 'string' && PAGES.test(state) && state !== RETURN ? state : '/account';
}
