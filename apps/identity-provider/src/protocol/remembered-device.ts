import { sha256 } from '@gatehouse/encryption';
import type { KoaContextWithOIDC } from 'oidc-provider';
import { readCookie } from '../read-cookie.ts';

/** The cookie that holds the token of a remembered device. Only under https can it be a `__Host-` one. */
export const deviceCookie = (issuer: string): string =>
  issuer.startsWith('https:') ? '__Host-gatehouse_device' : 'gatehouse_device';

/** What is stored of the token that this browser sends; `undefined` where it sends none. */
export function deviceTokenHash(ctx: KoaContextWithOIDC): Buffer | undefined {
  const token = readCookie(ctx.req, deviceCookie(ctx.oidc.provider.issuer));
  return token === undefined ? undefined : sha256(token);
}
