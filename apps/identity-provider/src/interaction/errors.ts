import { record } from '@gatehouse/audit';
import { HttpError } from '@gatehouse/web';
import type { ErrorRequestHandler } from 'express';
import { translatorOf } from '../languages/speak.ts';
import { currentSignedInPerson, InteractionError } from '../protocol/index.ts';
import type { InteractionDependencies } from './dependencies.ts';

/** Interactions that are over get a page with the cause and the way on; forged forms are recorded. */
export function interactionErrors({ provider, pool }: InteractionDependencies): ErrorRequestHandler {
  return async (error: unknown, req, res, next) => {
    if (error instanceof InteractionError) {
      const person = await currentSignedInPerson(provider, pool, req, res);
      return res.status(400).render('interaction/over', {
        title: translatorOf(res)(person ? 'signIn.over.titleSignedIn' : 'signIn.over.title'),
        cause: req.get('cookie') === undefined ? 'no_cookie' : 'over',
        person,
      });
    }
    if (error instanceof HttpError && error.status === 403) {
      const detail = { reason: error.code };
      await record(pool, { type: 'sign_in.failed', address: req.ip, requestId: String(req.id), detail });
    }
    next(error);
  };
}
