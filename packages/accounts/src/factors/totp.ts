import { Secret, TOTP } from 'otpauth';

/** Every authenticator app speaks these values, and some nothing else (RFC 6238). */
const parameters = { algorithm: 'SHA1', digits: 6, period: 30 };

const seconds = parameters.period;

/** 160 random bits in base32, as RFC 4226 section 4 recommends. */
export const newTotpSecret = (): string => new Secret({ size: 20 }).base32;

/** What an authenticator app reads from the QR code. */
export const totpUri = (secret: string, issuer: string, login: string): string =>
  new TOTP({ ...parameters, issuer, label: login, secret }).toString();

/**
 * The 30-second step whose code this is: the present one or one beside it, for clocks that differ.
 * `undefined` when it is the code of none.
 */
export function totpStep(secret: string, code: string): bigint | undefined {
  const delta = new TOTP({ ...parameters, secret }).validate({ token: code, window: 1 });
  return delta === null ? undefined : BigInt(Math.floor(Date.now() / 1000 / seconds) + delta);
}

/** Where the sealed secret of a person belongs. */
export const totpContext = (personId: string): string => `totp of ${personId}`;
