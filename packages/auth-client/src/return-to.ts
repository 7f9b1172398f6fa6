const anyOrigin = 'http://app.invalid';

/**
 * The local path to come back to after sign-in, or undefined if `candidate` would leave this app.
 *
 * Browsers drop tabs and newlines from a URL and read a backslash as a slash, so those are refused outright and the
 * rest is resolved as a browser would. RFC 9700 §4.11 (open redirectors).
 */
export function safeReturnTo(candidate: unknown): string | undefined {
  if (typeof candidate !== 'string' || candidate.length > 2048) return undefined;
  if (!candidate.startsWith('/') || /[\\\p{Cc}]/u.test(candidate)) return undefined;
  if (!URL.canParse(candidate, anyOrigin)) return undefined;
  const url = new URL(candidate, anyOrigin);
  const path = `${url.pathname}${url.search}${url.hash}`;
  return url.origin === anyOrigin && !path.startsWith('//') ? path : undefined;
}
