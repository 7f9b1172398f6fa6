import { isIP } from 'node:net';
import type { RequestHandler } from 'express';
import type { Logger } from './log.ts';

/**
 * Makes plain addresses of what proxies write into `X-Forwarded-For`: some add the port (`192.0.2.7:50312`,
 * `[2001:db8::7]:50312`), brackets or a zone, by which everybody would look like somebody else, or nobody. What stands
 * left of an entry that is no address was not written by a proxy that we can read, so it goes too, and the log says so
 * once. Mount before whatever asks for `req.ip`.
 */
export function forwardedFor(log: Logger): RequestHandler {
  let told = false;

  return (req, _res, next) => {
    const header = req.headers['x-forwarded-for'];
    if (header === undefined) return next();
    const entries = [header]
      .flat()
      .join(',')
      .split(',')
      .map((entry) => entry.trim());
    const addresses = entries.map(addressOf);
    const unreadable = addresses.lastIndexOf(undefined);
    req.headers['x-forwarded-for'] = addresses.slice(unreadable + 1).join(', ');
    if (unreadable >= 0 && !told && isTrusted(req.app, req.socket.remoteAddress)) {
      told = true;
      const entry = String(entries[unreadable]).slice(0, 100);
      log.warn({ entry }, 'a proxy in TRUST_PROXY writes something into X-Forwarded-For that is no address');
    }
    next();
  };
}

/** The address of one entry without port, brackets and zone; `undefined` where there is none. */
function addressOf(entry: string): string | undefined {
  const [, bracketed] = /^\[([^\]]+)\](?::\d{1,5})?$/.exec(entry) ?? [];
  const [, withPort] = /^([\d.]+):\d{1,5}$/.exec(entry) ?? [];
  const address = (bracketed ?? withPort ?? entry).replace(/%.*$/, '');
  const [, mapped] = /^::ffff:([\d.]+)$/i.exec(address) ?? [];
  return isIP(mapped ?? address) ? (mapped ?? address) : undefined;
}

function isTrusted(app: { get(name: string): unknown }, peer: string | undefined): boolean {
  const trusts = app.get('trust proxy fn') as (address: string | undefined, hop: number) => boolean;
  return trusts(peer, 0);
}
