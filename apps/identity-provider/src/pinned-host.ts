import type { RequestHandler } from 'express';
import { refusal } from './languages/refusal.ts';

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
      throw refusal(400, 'https_required');
    }
    req.headers['x-forwarded-proto'] = secure ? 'https' : 'http';
    req.headers['x-forwarded-host'] = host;
    next();
  };
}

const misdirected = (host: string | undefined) => refusal(421, 'misdirected_request', { detail: `host ${host}` });
