/** Who we are to an authenticator. */
export interface RelyingPartyIdentity {
  /** Our own origin. */
  issuer: string;
  /** As the browser names us to the person. */
  title: string;
}

/** A passkey belongs to a host name and works at no other (WebAuthn Level 3, section 5.1.2), which defeats phishing. */
export const rpIdOf = (issuer: string): string => new URL(issuer).hostname;
