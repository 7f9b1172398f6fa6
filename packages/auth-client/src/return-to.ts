import type { Response } from 'express';

const anyOrigin = 'http://app.invalid';

/** Characters of an address. Longer ones fit into no request of most servers. */
const longest = 8192;

/**
 * The local address to come back to after sign-in, as it was given, or undefined if `candidate` would leave this app.
 *
 * Browsers drop tabs and newlines from a URL, so control characters are refused outright; the rest is resolved as a
 * browser would, which reads a backslash before the query as a slash. RFC 9700 §4.11 (open redirectors).
 */
export function safeReturnTo(candidate: unknown): string | undefined {
  if (typeof candidate !== 'string' || candidate.length > longest) return undefined;
  if (!candidate.startsWith('/') || /\p{Cc}/u.test(candidate)) return undefined;
  if (!URL.canParse(candidate, anyOrigin)) return undefined;
  const url = new URL(candidate, anyOrigin);
  if (url.origin !== anyOrigin || url.pathname.startsWith('//')) return undefined;
  // An address in a request line is ASCII; whatever else was typed is written as a browser would send it.
  return /^[!-~]+$/.test(candidate) ? candidate : `${url.pathname}${url.search}${url.hash}`;
}

/** Sends the browser to a local address byte for byte: Express would encode what it finds odd. */
export function goTo(res: Response, address: string): void {
  res.status(302).set('Location', address).end();
}
