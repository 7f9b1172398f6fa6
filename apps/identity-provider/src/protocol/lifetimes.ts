import type { Configuration, KoaContextWithOIDC } from 'oidc-provider';
import { requestUnit } from './storage/request-unit.ts';

const MINUTE = 60;
const HOUR = 60 * MINUTE;

/** A provider session ends this long after the person signed in, however busy it was (NIST SP 800-63B-4, AAL2). */
export const SESSION_SECONDS = 12 * HOUR;

/** Whoever has opened no page for this long, of any app or of the provider, signs in anew. */
export const IDLE_SECONDS = HOUR;

/** A session in which nobody has signed in carries no authority; it only needs to outlive a form. */
const ANONYMOUS_SESSION_SECONDS = HOUR;

export const CODE_SECONDS = MINUTE;
export const INTERACTION_SECONDS = 30 * MINUTE;
const OPAQUE_TOKEN_SECONDS = 10 * MINUTE;
const DEVICE_CODE_SECONDS = 10 * MINUTE;

const now = (): number => Math.floor(Date.now() / 1000);

/** Seconds that a session which began at `loginTs` (seconds since the epoch) still has; at least 1. */
export function sessionSecondsLeft(loginTs: number | undefined): number {
  if (loginTs === undefined) return ANONYMOUS_SESSION_SECONDS;
  return Math.max(1, loginTs + SESSION_SECONDS - now());
}

/** What was issued within a session lives no longer than the session. */
function secondsLeft(ctx: KoaContextWithOIDC): number {
  return sessionSecondsLeft(ctx.oidc.session?.loginTs ?? requestUnit(ctx).session?.payload.loginTs);
}

/** What the client is registered for, or the default, and never longer than what it was issued within. */
function lifetime(ctx: KoaContextWithOIDC, registered: unknown, byDefault: number): number {
  return Math.min(typeof registered === 'number' ? registered : byDefault, secondsLeft(ctx));
}

/**
 * An access token for an API of ours lives as long as the session, because those APIs ask at each request whether it
 * still does. Elsewhere it is only good for userinfo, right after sign-in.
 */
export const ttl: Configuration['ttl'] = {
  AuthorizationCode: CODE_SECONDS,
  AccessToken: (ctx, token, client) =>
    token.resourceServer ? secondsLeft(ctx) : lifetime(ctx, client.access_token_lifetime, OPAQUE_TOKEN_SECONDS),
  ClientCredentials: (ctx, _token, client) => lifetime(ctx, client.access_token_lifetime, OPAQUE_TOKEN_SECONDS),
  DeviceCode: DEVICE_CODE_SECONDS,
  Grant: secondsLeft,
  IdToken: (ctx, _token, client) => lifetime(ctx, client.id_token_lifetime, OPAQUE_TOKEN_SECONDS),
  Interaction: INTERACTION_SECONDS,
  PushedAuthorizationRequest: CODE_SECONDS,
  RefreshToken: (ctx, _token, client) => lifetime(ctx, client.refresh_token_lifetime, SESSION_SECONDS),
  Session: (_ctx, session) => sessionSecondsLeft(session.loginTs),
};
