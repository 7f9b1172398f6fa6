import type { Request } from 'express';

/**
 * Whether a person is looking at the answer: a page load, not a script's request. Only such a request may be sent to
 * another origin to sign in; a script would see an opaque failure.
 */
export function isNavigation(req: Request): boolean {
  const mode = req.get('sec-fetch-mode');
  if (mode !== undefined && mode !== 'navigate') return false;
  const destination = req.get('sec-fetch-dest');
  if (destination !== undefined && destination !== 'document') return false;
  if (req.get('x-requested-with')?.toLowerCase() === 'xmlhttprequest') return false;
  return req.accepts('html') === 'html';
}

/** GET and HEAD: nothing is lost when the request is repeated after sign-in. */
export function isSafeMethod(req: Request): boolean {
  return req.method === 'GET' || req.method === 'HEAD';
}

/**
 * Whether a request may use something up that works once: the GET of a page that is loaded for a person. Not HEAD, not
 * a page that a browser fetches ahead (`Sec-Purpose`), and no request of a script, where the browser says what it is
 * for.
 */
export function isTakenUpBy(req: Request): boolean {
  if (req.method !== 'GET') return false;
  const ahead = ['sec-purpose', 'purpose', 'x-moz', 'x-purpose'].map((name) => req.get(name) ?? '').join();
  if (/prefetch|prerender|preview/i.test(ahead)) return false;
  const mode = req.get('sec-fetch-mode');
  return mode === undefined || mode === 'navigate';
}
