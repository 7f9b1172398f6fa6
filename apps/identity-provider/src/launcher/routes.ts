import { designationsOf } from '@gatehouse/directory';
import { csrf, defineRoutes, formBody, type Route } from '@gatehouse/web';
import type { RequestHandler } from 'express';
import { answerSignedOut, type EndSessionDeps, endAsPerson, launcherSignInPath } from '../protocol/index.ts';
import { loadSignedIn, signedIn } from '../signed-in.ts';
import { appsNamed } from './apps-named.ts';

export interface LauncherDependencies extends EndSessionDeps {
  /** Our own origin. */
  issuer: string;
  /** Signs the form tokens. */
  csrfKey: string;
}

/** Whoever has no more apps than this sees them at a glance. */
const searchFrom = 8;

/** "Your apps": exactly those that this person can open now, by the same rule that decides about a code. */
export function launcherRoutes(deps: LauncherDependencies): readonly Route[] {
  const { pool, issuer, csrfKey } = deps;

  const showApps: RequestHandler = async (req, res) => {
    const auth = signedIn(req);
    // Back from signing in: the parameters of the answer are not worth an address that people keep.
    if (auth && req.query.iss !== undefined) return res.redirect(303, '/');
    if (auth) {
      const search = typeof req.query.search === 'string' ? req.query.search : '';
      const designations = await designationsOf(pool, auth.person.id);
      return res.render('launcher/my-apps', { designations, search, searchFrom, found: appsNamed(search, auth.apps) });
    }
    // Somebody who has just refused to sign in is not sent there again.
    if (req.query.error === undefined) return res.redirect(303, launcherSignInPath(issuer));
    res.render('launcher/signed-out', { signInPath: launcherSignInPath(issuer) });
  };

  const signOut: RequestHandler = async (req, res) => {
    const auth = signedIn(req);
    const receipt = auth ? await endAsPerson(deps, req, res, { sessionUid: auth.session.sid }, auth.person.id) : [];
    answerSignedOut(deps, res, { client: undefined, returnTo: undefined }, receipt);
  };

  const form = csrf({ key: csrfKey, bindingOf: (req) => signedIn(req)?.session.sid });
  const before = [loadSignedIn(deps), formBody(), form];
  return defineRoutes<never>()([
    { method: 'get', path: '/', allow: 'public', before, handler: showApps },
    { method: 'post', path: '/sign-out', allow: 'public', before, form: '/', handler: signOut },
  ]);
}
