import type { Request, RequestHandler } from 'express';

/** The token of a link that came by mail: in the address at first, in the form afterwards. */
export function tokenOf(req: Request): string {
  const token: unknown = (req.body as { token?: unknown } | undefined)?.token ?? req.query.token;
  return typeof token === 'string' ? token : '';
}

/** The address holds the token. */
export const noReferrer: RequestHandler = (_req, res, next) => {
  res.set('referrer-policy', 'no-referrer');
  next();
};
