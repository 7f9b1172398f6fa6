import { generateKeyPairSync } from 'node:crypto';
import { randomToken } from '@gatehouse/encryption';
import type { ClientMetadata } from './parse-metadata.ts';

/**
 * Checked metadata as it is stored: what people know of the app stands in the directory, the rest in the registration,
 * and the secret by itself. A client that is to prove itself by a key and has brought none gets one.
 */
export function toStore(clientId: string, metadata: ClientMetadata) {
  const { client_id: _id, client_secret: _secret, description, access, ...rest } = metadata;
  const { privateJwk, ...keys } = keysOf(metadata);
  return {
    app: { client_name: metadata.client_name ?? clientId, description, access, url: addressOf(metadata) },
    stored: { ...rest, ...keys },
    /** The private half of a key that was made now. Kept nowhere. */
    privateJwk,
  };
}

export const usesSecret = ({ token_endpoint_auth_method: method }: ClientMetadata): boolean =>
  method === 'client_secret_basic' || method === 'client_secret_post';

function keysOf(metadata: ClientMetadata) {
  if (metadata.token_endpoint_auth_method !== 'private_key_jwt' || metadata.jwks || metadata.jwks_uri) return {};
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const about = { kid: randomToken(12), alg: 'ES256', use: 'sig' };
  return {
    token_endpoint_auth_signing_alg: 'ES256' as const,
    jwks: { keys: [{ ...publicKey.export({ format: 'jwk' }), ...about, kty: 'EC' as const }] },
    privateJwk: { ...privateKey.export({ format: 'jwk' }), ...about },
  };
}

/** Where people find the app; empty where it names no page, and then it has no tile. */
const addressOf = ({ client_uri: uri = '' }: ClientMetadata): string => uri.replace(/\/$/, '');
