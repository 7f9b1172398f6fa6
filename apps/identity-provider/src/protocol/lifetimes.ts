import type { Configuration, KoaContextWithOIDC } from 'oidc-provider';
import { requestUnit } from './storage/request-unit.ts';

const MINUTE = 60;
const HOUR = 60 * MINUTE;

/** A provider session ends this long after the person signed in, however busy it was (NIST SP 800-63B-4, AAL2). */
export const SESSION_SECONDS = 12 * HOUR;

/** A session in which nobody has signed in carries no authority; it only needs to outlive a form. */
const ANONYMOUS_SESSION_SECONDS = HOUR;

export const CODE_SECONDS = MINUTE;
export const INTERACTION_SECONDS = 30 * MINUTE;
const OPAQUE_TOKEN_SECONDS = 10 * MINUTE;

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

/**
 * An access token for an API of ours lives as long as the session, because those APIs ask at each request whether it
 * still does. Elsewhere it is only good for userinfo, right after sign-in.
 */
export const ttl: Configuration['ttl'] = {
  AuthorizationCode: CODE_SECONDS,
  AccessToken: (ctx, token) => (token.resourceServer ? secondsLeft(ctx) : OPAQUE_TOKEN_SECONDS),
  Grant: secondsLeft,
  IdToken: OPAQUE_TOKEN_SECONDS,
  Interaction: INTERACTION_SECONDS,
  RefreshToken: secondsLeft,
  Session: (_ctx, session) => sessionSecondsLeft(session.loginTs),
};
