import { randomUUID } from 'node:crypto';
import { now } from './faults.ts';
import {
  type Claims,
  createSigningKey,
  type Header,
  type SigningKey,
  unsigned,
  withBrokenSignature,
} from './signing.ts';

const event = 'http://schemas.openid.net/event/backchannel-logout';
const header: Header = { typ: 'logout+jwt' };

/** The claims of a right logout token (Back-Channel Logout 1.0 §2.4); `about` gives `sub`, `sid`, or both. */
export function logoutClaims(issuer: string, clientId: string, about: { sub?: string; sid?: string }): Claims {
  const iat = now();
  return { iss: issuer, aud: clientId, iat, exp: iat + 120, jti: randomUUID(), events: { [event]: {} }, ...about };
}

export const signLogoutToken = (claims: Claims, key: SigningKey): Promise<string> => key.sign(claims, header);

/** Every way in which a logout token can be wrong, made from the right one. */
export const badLogoutTokens = {
  alg_none: async (claims) => unsigned(claims, header),
  hs256_with_public_key: async (claims, key) => key.signWithPublicKeyAsSecret(claims, header),
  /** By a key that the provider publishes, but not for this client. */
  wrong_alg: (claims, _key, otherKey) => otherKey.sign(claims, header),
  foreign_key: async (claims, key) => (await createSigningKey()).sign(claims, { ...header, kid: key.kid }),
  unknown_kid: async (claims) => (await createSigningKey()).sign(claims, header),
  bad_signature: async (claims, key) => withBrokenSignature(await key.sign(claims, header)),
  wrong_iss: (claims, key) => key.sign({ ...claims, iss: 'https://another.example' }, header),
  wrong_aud: (claims, key) => key.sign({ ...claims, aud: 'another-app' }, header),
  no_events: ({ events: _, ...claims }, key) => key.sign(claims, header),
  wrong_event: (claims, key) => key.sign({ ...claims, events: { 'https://another.example/event': {} } }, header),
  event_not_object: (claims, key) => key.sign({ ...claims, events: { [event]: true } }, header),
  with_nonce: (claims, key) => key.sign({ ...claims, nonce: 'n' }, header),
  typ_missing: (claims, key) => key.sign(claims),
  typ_of_access_token: (claims, key) => key.sign(claims, { typ: 'at+jwt' }),
  an_id_token: ({ events: _, jti: __, ...claims }, key) => key.sign({ ...claims, nonce: 'n' }, { typ: 'JWT' }),
  expired: (claims, key) => key.sign({ ...claims, iat: now() - 600, exp: now() - 480 }, header),
  too_old: (claims, key) => key.sign({ ...claims, iat: now() - 600, exp: now() + 600 }, header),
  iat_in_future: (claims, key) => key.sign({ ...claims, iat: now() + 600, exp: now() + 720 }, header),
  no_iat: ({ iat: _, ...claims }, key) => key.sign(claims, header),
  no_exp: ({ exp: _, ...claims }, key) => key.sign(claims, header),
  no_jti: ({ jti: _, ...claims }, key) => key.sign(claims, header),
  no_sub_and_no_sid: ({ sub: _, sid: __, ...claims }, key) => key.sign(claims, header),
  sid_not_string: (claims, key) => key.sign({ ...claims, sid: { $ne: '' } }, header),
  not_a_jwt: async () => 'nonsense',
} satisfies Record<string, (claims: Claims, key: SigningKey, otherKey: SigningKey) => Promise<string>>;

export type BadLogoutToken = keyof typeof badLogoutTokens;
