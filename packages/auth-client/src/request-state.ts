import type { Request } from 'express';

/** What this package remembers about a request while it is being answered. Kept off `req` so that it cannot collide. */
export interface RequestState {
  loginPath: string;
  baseUrl: string;
  /** A session id made for this request and not stored yet. Only such an id may be inserted. */
  freshId?: string | undefined;
  lastSeenAt?: Date | undefined;
  /** What was last stored, as JSON. */
  saved?: string;
}

const states = new WeakMap<object, RequestState>();

export function beginRequestState(req: Request, { loginPath, baseUrl }: RequestState): void {
  states.set(req, { loginPath, baseUrl });
}

/** @throws {Error} when `auth.session` does not stand before the caller's middleware */
export function requestState(req: Request): RequestState {
  const state = states.get(req);
  if (!state) throw new Error('auth.session has to be mounted before this middleware');
  return state;
}
