import type { ClientMetadata } from 'oidc-provider';

export const LAUNCHER = 'launcher';

/**
 * The launcher signs people in like any app, but needs no token: it reads the provider session itself. So it is a
 * client of its own with response type `none` (OAuth 2.0 Multiple Response Type Encoding Practices, section 4).
 */
export function launcherClient(issuer: string): ClientMetadata {
  return {
    client_id: LAUNCHER,
    client_name: 'Your apps',
    client_uri: `${issuer}/`,
    redirect_uris: [`${issuer}/`],
    response_types: ['none'],
    response_modes: ['query'],
    grant_types: [],
    token_endpoint_auth_method: 'none',
    scope: 'openid',
    first_party: true,
  };
}

/**
 * Local path that signs a person in for the launcher and comes back to `/`. Where they refused, `/` is called with an
 * `error` (RFC 6749 section 4.1.2.1) and must not send them here again by itself.
 */
export function launcherSignInPath(issuer: string): string {
  const query = new URLSearchParams({
    client_id: LAUNCHER,
    response_type: 'none',
    scope: 'openid',
    redirect_uri: `${issuer}/`,
  });
  return `/auth?${query}`;
}
