import { HttpError } from '@gatehouse/web';
import type { RequestHandler } from 'express';

/**
 * Serves only requests for the issuer's own host. The library builds URLs from the request, so once the request is
 * known to be for us it is told the issuer's scheme and host, whatever the connection behind a proxy looks like.
 */
export function pinnedHost(issuer: string): RequestHandler {
  const { host, protocol } = new URL(issuer);
  const secure = protocol === 'https:';
  return (req, res, next) => {
    if (!req.url.startsWith('/') || req.host !== host) throw misdirected(req.host);
    if (secure && !req.secure) {
      if (req.method === 'GET') return res.redirect(301, issuer + req.url);
      throw new HttpError(400, 'https_required', 'This address is only served over https.');
    }
    req.headers['x-forwarded-proto'] = secure ? 'https' : 'http';
    req.headers['x-forwarded-host'] = host;
    next();
  };
}

const misdirected = (host: string | undefined) =>
  new HttpError(421, 'misdirected_request', 'This server does not answer for that address.', {
    detail: `host ${host}`,
  });
