import { createCipheriv, createDecipheriv, createHash, hkdfSync, randomBytes } from 'node:crypto';

const KEY_BYTES = 32;
const ID_BYTES = 4;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

export class EncryptionError extends Error {
  override name = 'EncryptionError';
  readonly code: 'key_unusable' | 'sealed_value_unusable';

  constructor(code: EncryptionError['code'], message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

export interface Sealer {
  /** Encrypts `plain`. Only `open` with the same key and the same `context` gives it back. */
  seal(plain: Uint8Array | string, context: string): Buffer<ArrayBuffer>;
  /**
   * @throws {EncryptionError} `sealed_value_unusable` when the value was changed, or sealed with another key or
   * context.
   */
  open(sealed: Uint8Array, context: string): Buffer<ArrayBuffer>;
  /** What everything that `seal` makes begins with: the id of its key, which says nothing about the key. */
  prefix: Buffer<ArrayBuffer>;
}

/**
 * Authenticated encryption at rest: AES-256-GCM with a random 96-bit nonce (NIST SP 800-38D).
 * The output is key id ‖ nonce ‖ ciphertext ‖ tag; one without the id opens too. `context` names the place the value
 * belongs to and is authenticated with it, so that a sealed value moved to another row or column does not open there.
 *
 * @param key 32 random bytes in base64url
 * @param others open what they have sealed, and seal nothing: the keys before this one, or the one after it
 * @throws {EncryptionError} `key_unusable` when a key is not 32 bytes
 */
export function createSealer(key: string, others: readonly string[] = []): Sealer {
  const current = readKey(key);
  const keys = [current, ...others.map(readKey)];
  return {
    prefix: current.id,
    seal(plain, context) {
      const nonce = randomBytes(NONCE_BYTES);
      const cipher = createCipheriv('aes-256-gcm', current.secret, nonce).setAAD(Buffer.from(context));
      const body = typeof plain === 'string' ? cipher.update(plain, 'utf8') : cipher.update(plain);
      return Buffer.concat([current.id, nonce, body, cipher.final(), cipher.getAuthTag()]);
    },
    open(sealed, context) {
      const id = sealed.subarray(0, ID_BYTES);
      const found = keys.find((each) => each.id.equals(id));
      if (found) return decrypt(found, sealed.subarray(ID_BYTES), context);
      for (const each of keys) {
        try {
          return decrypt(each, sealed, context); // one without an id
        } catch {}
      }
      const known = keys.map((each) => hex(each.id)).join(', ');
      throw unusable(`The value was sealed with another key, ${hex(id)}; known here: ${known}`);
    },
  };
}

function decrypt({ secret }: Key, sealed: Uint8Array, context: string): Buffer<ArrayBuffer> {
  try {
    const nonce = sealed.subarray(0, NONCE_BYTES);
    const decipher = createDecipheriv('aes-256-gcm', secret, nonce, { authTagLength: TAG_BYTES });
    decipher.setAAD(Buffer.from(context)).setAuthTag(sealed.subarray(-TAG_BYTES));
    return Buffer.concat([decipher.update(sealed.subarray(NONCE_BYTES, -TAG_BYTES)), decipher.final()]);
  } catch (cause) {
    throw unusable('The sealed value was changed, or belongs elsewhere', cause);
  }
}

interface Key {
  secret: Buffer;
  id: Buffer<ArrayBuffer>;
}

function readKey(key: string): Key {
  const secret = Buffer.from(key, 'base64url');
  if (secret.length !== KEY_BYTES) {
    throw new EncryptionError('key_unusable', `An encryption key is ${KEY_BYTES} bytes in base64url`);
  }
  return { secret, id: Buffer.from(deriveKey(key, 'key id'), 'base64url').subarray(0, ID_BYTES) };
}

const hex = (id: Uint8Array) => Buffer.from(id).toString('hex');

const unusable = (message: string, cause?: unknown) => new EncryptionError('sealed_value_unusable', message, { cause });

/** A key for one purpose from a master key (HKDF-SHA-256, RFC 5869). Both are 32 bytes in base64url. */
export function deriveKey(key: string, purpose: string): string {
  return Buffer.from(hkdfSync('sha256', Buffer.from(key, 'base64url'), '', purpose, KEY_BYTES)).toString('base64url');
}

/** What is stored of a secret that only ever has to be recognised: session ids, codes, tokens, links. */
export function sha256(text: string): Buffer<ArrayBuffer> {
  return createHash('sha256').update(text).digest();
}

/** A secret from the system's random source, in base64url. The default of 32 bytes is 256 bits. */
export function randomToken(bytes = KEY_BYTES): string {
  return randomBytes(bytes).toString('base64url');
}
