import type { IncomingMessage } from 'node:http';

/** The value of a cookie as it was sent; `undefined` where there is none by this name. */
export function readCookie(req: Pick<IncomingMessage, 'headers'>, name: string): string | undefined {
  return cookiesOf(req).find(([each]) => each === name)?.[1];
}

/** Every cookie as it was sent, in its order. */
export function cookiesOf(req: Pick<IncomingMessage, 'headers'>): [name: string, value: string][] {
  return (req.headers.cookie ?? '').split(';').flatMap((pair): [string, string][] => {
    const at = pair.indexOf('=');
    return at < 0 ? [] : [[pair.slice(0, at).trim(), pair.slice(at + 1).trim()]];
  });
}
