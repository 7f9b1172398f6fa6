import type { IncomingMessage } from 'node:http';

/** The value of a cookie as it was sent; `undefined` where there is none by this name. */
export function readCookie(req: Pick<IncomingMessage, 'headers'>, name: string): string | undefined {
  return cookiesOf(req).find(([each]) => each === name)?.[1];
}

/**
 * Every cookie as it was sent, in its order. Only what HTTP calls white space is taken off (RFC 6265 section 4.2.1):
 * with any other in front, a name is no `__Host-` one to the browser, so that a sibling host may set it.
 */
export function cookiesOf(req: Pick<IncomingMessage, 'headers'>): [name: string, value: string][] {
  return (req.headers.cookie ?? '').split(';').flatMap((pair): [string, string][] => {
    const at = pair.indexOf('=');
    return at < 0 ? [] : [[bare(pair.slice(0, at)), bare(pair.slice(at + 1))]];
  });
}

const bare = (text: string): string => text.replace(/^[ \t]+|[ \t]+$/g, '');
