import { randomUUID } from 'node:crypto';
import type { Request, RequestHandler } from 'express';

const WELL_FORMED = /^[\w-]{8,64}$/;

/**
 * Gives every request an id: in the log, in `X-Request-Id`, and as the reference on error pages.
 * An id that a trusted proxy already gave is kept, so that one id follows a request through all logs.
 */
export function requestId(): RequestHandler {
  return (req, res, next) => {
    const given = req.get('x-request-id');
    req.id = given !== undefined && WELL_FORMED.test(given) && fromTrustedProxy(req) ? given : randomUUID();
    res.set('x-request-id', req.id);
    next();
  };
}

function fromTrustedProxy(req: Request): boolean {
  const trusts = req.app.get('trust proxy fn') as (address: string, hop: number) => boolean;
  return trusts(req.socket.remoteAddress ?? '', 0);
}
