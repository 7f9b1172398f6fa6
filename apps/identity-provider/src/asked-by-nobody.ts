import type { Request, RequestHandler } from 'express';

/** Addresses at which a GET takes a step of signing in or out. */
const STEPS = /^\/(?:auth|device|interaction|session)(?:\/|$)/;

/**
 * Where a GET takes a step, only a person's own going there takes it. What checks a link (HEAD) is told that there is
 * something, and a browser that loads ahead of the person is refused, so that it asks again when they do go there
 * (https://wicg.github.io/nav-speculation/prefetch.html#sec-purpose-header).
 */
export const askedByNobody: RequestHandler = (req, res, next) => {
  if (!STEPS.test(req.path)) return next();
  res.set('cache-control', 'no-store');
  if (req.method === 'HEAD') return void res.end();
  if (isAhead(req)) return void res.status(403).end();
  next();
};

/** Prefetched or prerendered; older browsers have other names for it. */
const isAhead = (req: Request): boolean =>
  ['sec-purpose', 'purpose', 'x-purpose', 'x-moz'].some((name) =>
    /\b(?:prefetch|preview)\b/i.test(req.get(name) ?? ''),
  );
