import { csrf, defineRoutes, formBody, mountRoutes } from '@gatehouse/web';
import { Router } from 'express';
import { noReferrer } from '../link-token.ts';
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
 * The pages on which a person answers an authorization request. The uid in the path has to be the one in the browser's
 * interaction cookie, and each form carries a token bound to it.
 */
export function createInteractionRouter(deps: InteractionDependencies): Router {
  const page = csrf({ key: deps.csrfKey, bindingOf: (req) => String(req.params.uid) });
  const before = [noReferrer, formBody(), page];
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
