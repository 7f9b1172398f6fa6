import { createHmac, randomUUID } from 'node:crypto';
import { exportJWK, exportSPKI, generateKeyPair, type JWK, SignJWT } from 'jose';

export type Claims = Record<string, unknown>;
export type Header = Record<string, unknown>;

export interface SigningKey {
  kid: string;
  publicJwk: JWK;
  sign(claims: Claims, header?: Header): Promise<string>;
  /** An HMAC with the public key as its secret, which a careless verifier takes for a signature. */
  signWithPublicKeyAsSecret(claims: Claims, header?: Header): string;
}

export async function createSigningKey(alg = 'ES256'): Promise<SigningKey> {
  const { publicKey, privateKey } = await generateKeyPair(alg, { extractable: true });
  const kid = randomUUID();
  const pem = await exportSPKI(publicKey);
  return {
    kid,
    publicJwk: { ...(await exportJWK(publicKey)), kid, alg, use: 'sig' },
    sign: (claims, header = {}) => new SignJWT(claims).setProtectedHeader({ alg, kid, ...header }).sign(privateKey),
    signWithPublicKeyAsSecret(claims, header = {}) {
      const input = `${encode({ alg: 'HS256', kid, ...header })}.${encode(claims)}`;
      return `${input}.${createHmac('sha256', pem).update(input).digest('base64url')}`;
    },
  };
}

/** A JWT with `alg: none`. */
export function unsigned(claims: Claims, header: Header = {}): string {
  return `${encode({ alg: 'none', ...header })}.${encode(claims)}.`;
}

/** The same JWT with another signature of the right length. */
export function withBrokenSignature(jwt: string): string {
  const [header, payload, signature = ''] = jwt.split('.');
  const bytes = Buffer.from(signature, 'base64url');
  bytes.writeUInt8(bytes.readUInt8(0) ^ 1, 0);
  return `${header}.${payload}.${bytes.toString('base64url')}`;
}

const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
