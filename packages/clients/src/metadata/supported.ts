/** What a client may be registered for: exactly what the provider speaks. */
export const supported = {
  applicationTypes: ['web', 'native'],
  grantTypes: [
    'authorization_code',
    'refresh_token',
    'client_credentials',
    'implicit',
    'urn:ietf:params:oauth:grant-type:device_code',
  ],
  /** No type that puts an access token into an address (RFC 9700 section 2.1.2). */
  responseTypes: ['code', 'id_token', 'code id_token'],
  responseModes: ['query', 'fragment', 'form_post'],
  authMethods: ['client_secret_basic', 'client_secret_post', 'private_key_jwt', 'none'],
  authSigningAlgs: ['ES256', 'RS256', 'PS256', 'EdDSA'],
  idTokenAlgs: ['ES256', 'RS256'],
  /** From weak to strong. */
  acrValues: ['urn:gatehouse:acr:one-factor', 'urn:gatehouse:acr:two-factor', 'phr'],
  scopes: ['openid', 'offline_access', 'profile', 'email', 'phone', 'address', 'org'],
} as const;
