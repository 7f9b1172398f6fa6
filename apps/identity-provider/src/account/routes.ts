import { csrf, defineRoutes, formBody, type Route } from '@gatehouse/web';
import type { RequestHandler } from 'express';
import { returnFromSignIn } from '../protocol/index.ts';
import { loadSignedIn, signedIn } from '../signed-in.ts';
import { addAuthenticator, removeAuthenticator, showAuthenticator } from './authenticator.ts';
import { revokeOwnConsent } from './consents.ts';
import type { AccountDependencies } from './dependencies.ts';
import { cancelOwnEmailChange, changeOwnEmail, showEmail } from './email.ts';
import { requireRecentSignIn, requireSecondFactor, requireSignedIn } from './guards.ts';
import { showHistory } from './history.ts';
import { addOwnPasskey, removeOwnPasskey, showNewPasskey } from './passkeys.ts';
import { changeOwnPassword, showPassword } from './password.ts';
import { showProfile } from './profile.ts';
import { renewRecoveryCodes } from './recovery-codes.ts';
import { forgetRememberedDevices } from './remembered-devices.ts';
import { endOtherSessions, endOwnSession, showSessions } from './sessions.ts';

/** What everybody sees and changes of their own account. */
export function accountRoutes(deps: AccountDependencies): readonly Route[] {
  const form = csrf({ key: deps.csrfKey, bindingOf: (req) => signedIn(req)?.session.sid });
  const before = [loadSignedIn(deps), requireSignedIn(deps), formBody(), form];
  const page = (path: string, handler: RequestHandler): Route<never> => ({
    method: 'get',
    path,
    allow: 'public',
    before,
    handler,
  });
  const action = (path: string, handler: RequestHandler): Route<never> => ({ ...page(path, handler), method: 'post' });
  const sensitive = (route: Route<never>): Route<never> => ({
    ...route,
    before: [...before, requireRecentSignIn(deps)],
  });
  const withSecondFactor = (route: Route<never>): Route<never> => ({
    ...route,
    before: [...before, requireSecondFactor(deps)],
  });
  const { post } = deps;
  // Without mail there is no link to confirm an address by.
  const emailRoutes = post
    ? [
        sensitive(page('/account/email', showEmail)),
        sensitive(action('/account/email', changeOwnEmail({ ...deps, post }))),
        action('/account/email/cancel', cancelOwnEmailChange(deps)),
      ]
    : [];
  return defineRoutes<never>()([
    { method: 'get', path: '/account/signed-in', allow: 'public', before: [loadSignedIn(deps)], handler: comeBack },
    page('/account', showProfile(deps)),
    withSecondFactor(page('/account/password', showPassword)),
    withSecondFactor(action('/account/password', changeOwnPassword(deps))),
    ...emailRoutes,
    sensitive(page('/account/authenticator', showAuthenticator(deps))),
    sensitive(action('/account/authenticator', addAuthenticator(deps))),
    sensitive(action('/account/authenticator/remove', removeAuthenticator(deps))),
    sensitive(action('/account/recovery-codes', renewRecoveryCodes(deps))),
    sensitive(page('/account/passkeys/new', showNewPasskey(deps))),
    sensitive(action('/account/passkeys', addOwnPasskey(deps))),
    sensitive(action('/account/passkeys/remove', removeOwnPasskey(deps))),
    action('/account/consents/revoke', revokeOwnConsent(deps)),
    page('/account/sessions', showSessions(deps)),
    action('/account/sessions/end', endOwnSession(deps)),
    action('/account/sessions/end-others', endOtherSessions(deps)),
    action('/account/devices/forget', forgetRememberedDevices(deps)),
    page('/account/history', showHistory(deps)),
  ]);
}

/** After a sign-in to the page that it was for; after a refusal to sign in never back to the sign-in page. */
const comeBack: RequestHandler = (req, res) => {
  if (req.query.error === undefined) return res.redirect(303, returnFromSignIn(req.query.state));
  res.redirect(303, signedIn(req) ? '/account' : `/?${new URLSearchParams({ error: 'access_denied' })}`);
};
