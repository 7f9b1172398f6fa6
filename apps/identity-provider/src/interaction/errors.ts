import { recordRefusal } from '@gatehouse/audit';
import { HttpError } from '@gatehouse/web';
import type { ErrorRequestHandler, Request, Response } from 'express';
import { translatorOf } from '../languages/speak.ts';
import { currentSignedInPerson, InteractionError, wantedPage } from '../protocol/index.ts';
import type { InteractionDependencies } from './dependencies.ts';
import { titleIn } from './open.ts';

/** Interactions that are over get a page with the cause and the way on; forged forms are recorded. */
export function interactionErrors(deps: InteractionDependencies): ErrorRequestHandler {
  return async (error: unknown, req, res, next) => {
    if (error instanceof InteractionError) return leadOn(deps, req, res);
    if (error instanceof HttpError && error.status === 403) {
      const detail = { reason: error.code };
      await recordRefusal(deps.pool, { type: 'sign_in.failed', address: req.ip, requestId: String(req.id), detail });
    }
    next(error);
  };
}

/**
 * An address of a sign-in that this browser cannot go on with: used, too old, bookmarked, sent by somebody, or handed
 * over by a program that followed the app's redirects by itself. It leads to the page that was wanted, which begins a
 * sign-in of its own where one is needed: by itself for whoever is signed in, and by one click for others, because a
 * browser that keeps no cookies would go round for ever.
 */
async function leadOn({ provider, pool }: InteractionDependencies, req: Request, res: Response): Promise<void> {
  const person = await currentSignedInPerson(provider, pool, req, res);
  const wanted = await wantedPage(provider, req.query);
  if (person && wanted?.client.firstParty) return res.redirect(303, wanted.url);
  const t = translatorOf(res);
  const wantedTitle = wanted && titleIn(t, wanted.client);
  // Programs that check a link before they open it take an error for a broken one.
  res.status(wanted && req.method === 'GET' ? 200 : 400).render('interaction/over', {
    title: titleOf(t, person !== undefined, wantedTitle),
    cause: req.get('cookie') === undefined ? 'no_cookie' : 'over',
    person,
    wanted,
    wantedTitle,
  });
}

function titleOf(t: ReturnType<typeof translatorOf>, signedIn: boolean, app: string | undefined): string {
  if (signedIn) return t('signIn.over.titleSignedIn');
  return app === undefined ? t('signIn.over.title') : t('signIn.over.titleFor', { app });
}
