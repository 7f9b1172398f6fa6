import { appsOf } from '@gatehouse/directory';
import type { ViewAuth } from '@gatehouse/web';
import type { Request, RequestHandler } from 'express';
import type { Pool } from 'pg';
import { currentSignedInPerson, type Provider } from './protocol/index.ts';

export interface SignedIn extends ViewAuth {
  person: ViewAuth['person'] & { login: string };
  /** `sid` is the `uid` of the provider session; `moment` is the person's as it was read. */
  session: { sid: string; authenticatedAt: Date; amr: readonly string[]; moment: number };
}

/** Puts whoever is signed in in this browser on `req.auth`, where the views look, with the apps that open for them. */
export function loadSignedIn({ provider, pool }: { provider: Provider; pool: Pool }): RequestHandler {
  return async (req, res, next) => {
    const person = await currentSignedInPerson(provider, pool, req, res);
    if (person) {
      const { personId: id, name, login, email, sessionUid: sid, authenticatedAt, amr, moment } = person;
      const apps = await appsOf(pool, id);
      const auth: SignedIn = {
        person: { id, name, login, email },
        roles: [],
        apps,
        session: { sid, authenticatedAt, amr, moment },
      };
      Object.assign(req, { auth });
    }
    next();
  };
}

export const signedIn = (req: Request): SignedIn | undefined => (req as Request & { auth?: SignedIn }).auth;
