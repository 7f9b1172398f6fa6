import { type Claims, createSigningKey, type SigningKey, unsigned, withBrokenSignature } from './signing.ts';

/** How an ID token can be wrong. Each takes the right claims and the right key, and gives the token that is sent. */
export const idTokenFaults = {
  wrong_nonce: (claims, key) => key.sign({ ...claims, nonce: 'another' }),
  missing_nonce: ({ nonce: _, ...claims }, key) => key.sign(claims),
  wrong_iss: (claims, key) => key.sign({ ...claims, iss: 'https://another.example' }),
  wrong_aud: (claims, key) => key.sign({ ...claims, aud: 'another-app' }),
  missing_sub: ({ sub: _, ...claims }, key) => key.sign(claims),
  missing_iat: ({ iat: _, ...claims }, key) => key.sign(claims),
  missing_exp: ({ exp: _, ...claims }, key) => key.sign(claims),
  expired: (claims, key) => key.sign({ ...claims, iat: now() - 7200, exp: now() - 3600 }),
  alg_none: async (claims) => unsigned(claims),
  hs256_with_public_key: async (claims, key) => key.signWithPublicKeyAsSecret(claims),
  bad_signature: async (claims, key) => withBrokenSignature(await key.sign(claims)),
  foreign_key: async (claims, key) => (await createSigningKey()).sign(claims, { kid: key.kid }),
  unknown_kid: async (claims) => (await createSigningKey()).sign(claims),
  /** By a key that the provider publishes, but not for this client. */
  other_alg: (claims, _key, otherKey) => otherKey.sign(claims),
  /** Honest, by a clock that runs a little fast or slow. */
  clock_fast: (claims, key) => key.sign({ ...claims, iat: now() + 25, exp: now() + 325, auth_time: now() + 25 }),
  clock_slow: (claims, key) => key.sign({ ...claims, iat: now() - 325, exp: now() - 25, auth_time: now() - 325 }),
} satisfies Record<string, (claims: Claims, key: SigningKey, otherKey: SigningKey) => Promise<string>>;

export type IdTokenFault = keyof typeof idTokenFaults;

/** What else a provider can do wrong between the authorization request and userinfo. */
export type ExchangeFault =
  | 'state_wrong'
  | 'iss_parameter_wrong'
  | 'iss_parameter_missing'
  | 'access_denied'
  | 'token_refused'
  | 'token_fails'
  | 'token_hangs'
  | 'token_not_json'
  | 'token_without_id_token'
  | 'userinfo_other_sub'
  | 'userinfo_fails'
  | 'discovery_other_issuer'
  | 'jwks_fails'
  /** Honest, and rare: the key changes between publishing the JWKS and signing. */
  | 'key_rotated_before_signing'
  /** Honest: there is only one key, so the token names none. */
  | 'kid_absent';

export type Fault = IdTokenFault | ExchangeFault;

export function isIdTokenFault(fault: Fault | undefined): fault is IdTokenFault {
  return fault !== undefined && fault in idTokenFaults;
}

export const now = (): number => Math.floor(Date.now() / 1000);
