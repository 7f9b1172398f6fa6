import type { IncomingMessage } from 'node:http';

/** The value of a cookie as it was sent; `undefined` where there is none by this name. */
export function readCookie(req: Pick<IncomingMessage, 'headers'>, name: string): string | undefined {
  const pairs = (req.headers.cookie ?? '').split(';').map((pair) => pair.trim());
  return pairs.find((pair) => pair.startsWith(`${name}=`))?.slice(name.length + 1);
}
