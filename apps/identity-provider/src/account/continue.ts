import type { Request } from 'express';

/**
 * The authorization request that waits while somebody sets a factor up for it: the `uid` of its interaction goes along
 * from page to page. It opens nothing, because an interaction also needs its browser's cookie.
 */
export function interactionToContinue(req: Request): string | undefined {
  const uid: unknown = (req.body as { continue?: unknown } | undefined)?.continue ?? req.query.continue;
  return typeof uid === 'string' && /^[\w-]{10,64}$/.test(uid) ? uid : undefined;
}

/** Where to go on once the factor is set up. */
export function continueAt(req: Request, otherwise = '/account'): string {
  const uid = interactionToContinue(req);
  return uid ? `/interaction/${uid}` : otherwise;
}

export function withContinue(path: string, req: Request): string {
  const uid = interactionToContinue(req);
  return uid ? `${path}?continue=${uid}` : path;
}
