import { csrf, defineRoutes, formBody, mountRoutes, type Route } from '@gatehouse/web';
import { type RequestHandler, Router } from 'express';
import { noReferrer } from '../link-token.ts';
import { InteractionError, interactionBrowser } from '../protocol/index.ts';
import { cancel } from './cancel.ts';
import { allow, decline } from './consent.ts';
import { continueSignedIn } from './continue.ts';
import type { InteractionDependencies } from './dependencies.ts';
import { interactionErrors } from './errors.ts';
import { signInByPasskey } from './passkey.ts';
import { secondFactor } from './second-factor.ts';
import { showInteraction } from './show.ts';
import { signIn } from './sign-in.ts';

/**
 * The pages on which a person answers an authorization request, in the browser that began it. Each form carries a token
 * bound to what only that browser holds.
 */
export function createInteractionRouter(deps: InteractionDependencies): Router {
  const begunHere: RequestHandler = (req, res, next) => {
    const browser = interactionBrowser(deps.provider, req);
    csrf({ key: deps.csrfKey, bindingOf: () => browser })(req, res, next);
  };
  const before = [noReferrer, formBody(), begunHere];
  const steps: Record<string, RequestHandler> = {
    'sign-in': signIn(deps),
    passkey: signInByPasskey(deps),
    'second-factor': secondFactor(deps),
    continue: continueSignedIn(deps),
    allow: allow(deps),
    decline: decline(deps),
    cancel: cancel(deps),
  };
  const routes = defineRoutes<never>()([
    { method: 'get', path: '/interaction/:uid', allow: 'public', before, handler: showInteraction(deps) },
    { method: 'get', path: '/interaction/:uid/over', allow: 'public', handler: isOver },
    ...Object.entries(steps).map(
      ([step, handler]): Route<never> => ({
        method: 'post',
        path: `/interaction/:uid/${step}`,
        allow: 'public',
        form: '/interaction/:uid',
        before,
        handler,
      }),
    ),
  ]);
  return Router().use(mountRoutes(routes), interactionErrors(deps));
}

/** Where a request that cannot be resumed is sent. */
const isOver: RequestHandler = () => {
  throw new InteractionError('The request cannot be resumed');
};
