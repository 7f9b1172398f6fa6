/**
 * How sure we are of who signed in, from weak to strong. The last one is of OpenID Connect Extended Authentication
 * Profile ACR Values 1.0; the others are our own, because no registered name says just that.
 */
export const acrValues = ['urn:gatehouse:acr:one-factor', 'urn:gatehouse:acr:two-factor', 'phr'] as const;

export type Acr = (typeof acrValues)[number];

/** What the methods of a sign-in (RFC 8176) amount to, no more and no less. */
export function acrOf(amr: readonly string[]): Acr {
  if (amr.includes('mfa')) return amr.includes('hwk') || amr.includes('swk') ? 'phr' : 'urn:gatehouse:acr:two-factor';
  return 'urn:gatehouse:acr:one-factor';
}
