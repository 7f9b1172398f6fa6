import { csrf, defineRoutes, formBody, mountRoutes } from '@gatehouse/web';
import { type RequestHandler, Router } from 'express';
import { noReferrer } from '../link-token.ts';
import { interactionBrowser } from '../protocol/index.ts';
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
  const routes = defineRoutes<never>()([
    { method: 'get', path: '/interaction/:uid', allow: 'public', before, handler: showInteraction(deps) },
    { method: 'post', path: '/interaction/:uid/sign-in', allow: 'public', before, handler: signIn(deps) },
    { method: 'post', path: '/interaction/:uid/passkey', allow: 'public', before, handler: signInByPasskey(deps) },
    { method: 'post', path: '/interaction/:uid/second-factor', allow: 'public', before, handler: secondFactor(deps) },
    { method: 'post', path: '/interaction/:uid/continue', allow: 'public', before, handler: continueSignedIn(deps) },
    { method: 'post', path: '/interaction/:uid/allow', allow: 'public', before, handler: allow(deps) },
    { method: 'post', path: '/interaction/:uid/decline', allow: 'public', before, handler: decline(deps) },
    { method: 'post', path: '/interaction/:uid/cancel', allow: 'public', before, handler: cancel(deps) },
  ]);
  return Router().use(mountRoutes(routes), interactionErrors(deps));
}
