import { sha256 } from '@gatehouse/encryption';
import type { AdapterPayload } from 'oidc-provider';

/**
 * The id of a code, token, session or interaction is itself the secret, so only its SHA-256 is stored, and the payload
 * is stored without it. `restorePayload` puts it back for whoever presents the id.
 */
export const idHash = (id: string): Buffer => sha256(id);

export function storedPayload(id: string, { jti: _, ...payload }: AdapterPayload): AdapterPayload {
  if (payload.kind !== 'Interaction') return payload;
  const { cookie: _cookie, ...session } = payload.session ?? {};
  return {
    ...payload,
    ...(payload.session && { session }),
    returnTo: payload.returnTo?.slice(0, -id.length),
  };
}

export function restorePayload(id: string, payload: AdapterPayload): AdapterPayload {
  return {
    ...payload,
    jti: id,
    ...(payload.kind === 'Interaction' && { returnTo: `${payload.returnTo}${id}` }),
  };
}

/** When a payload expires, in seconds since the epoch. The library judges expiry, by this process's clock. */
export function expiryOf(payload: AdapterPayload, expiresIn: number | undefined): number {
  return payload.exp ?? Math.floor(Date.now() / 1000) + (expiresIn ?? 0);
}
