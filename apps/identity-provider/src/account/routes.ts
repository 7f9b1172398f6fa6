import { csrf, defineRoutes, formBody, type Route } from '@gatehouse/web';
import type { RequestHandler } from 'express';
import { returnFromSignIn } from '../protocol/index.ts';
import { loadSignedIn, signedIn } from '../signed-in.ts';
import { addAuthenticator, removeAuthenticator, showAuthenticator } from './authenticator.ts';
import { revokeOwnConsent } from './consents.ts';
import type { AccountDependencies } from './dependencies.ts';
import { cancelOwnEmailChange, changeOwnEmail, showEmail } from './email.ts';
import { requireProof, requireSignedIn } from './guards.ts';
import { showHistory } from './history.ts';
import { addOwnPasskey, removeOwnPasskey, showNewPasskey } from './passkeys.ts';
import { changeOwnPassword, showPassword } from './password.ts';
import { showProfile } from './profile.ts';
import { renewRecoveryCodes } from './recovery-codes.ts';
import { forgetRememberedDevices } from './remembered-devices.ts';
import { endOtherSessions, endOwnSession, showSessions } from './sessions.ts';

/** What a route asks for besides a signed-in person: whatever changes how they sign in asks for a proof. */
type Asks = 'session' | 'proof' | 'proof or password';

/** What everybody sees and changes of their own account. */
export function accountRoutes(deps: AccountDependencies): readonly Route[] {
  const form = csrf({ key: deps.csrfKey, bindingOf: (req) => signedIn(req)?.session.sid });
  const before = [loadSignedIn(deps), requireSignedIn(deps), formBody(), form];
  const guards: Record<Asks, RequestHandler[]> = {
    session: [],
    proof: [requireProof(deps)],
    'proof or password': [requireProof(deps, { formAsksPassword: true })],
  };
  const page = (path: string, asks: Asks, handler: RequestHandler): Route<never> => ({
    method: 'get',
    path,
    allow: 'public',
    before: [...before, ...guards[asks]],
    handler,
  });
  // The page that has it is `form`, where that has another path.
  const action = (path: string, asks: Asks, handler: RequestHandler, form?: string): Route<never> => ({
    ...page(path, asks, handler),
    method: 'post',
    ...(form !== undefined && { form }),
  });
  const { post } = deps;
  // Without mail there is no link to confirm an address by.
  const emailRoutes = post
    ? [
        page('/account/email', 'proof', showEmail),
        action('/account/email', 'proof', changeOwnEmail({ ...deps, post })),
        action('/account/email/cancel', 'session', cancelOwnEmailChange(deps), '/account'),
      ]
    : [];
  return defineRoutes<never>()([
    { method: 'get', path: '/account/signed-in', allow: 'public', before: [loadSignedIn(deps)], handler: comeBack },
    page('/account', 'session', showProfile(deps)),
    page('/account/password', 'proof or password', showPassword),
    action('/account/password', 'proof or password', changeOwnPassword(deps)),
    ...emailRoutes,
    page('/account/authenticator', 'proof', showAuthenticator(deps)),
    action('/account/authenticator', 'proof', addAuthenticator(deps)),
    action('/account/authenticator/remove', 'proof', removeAuthenticator(deps), '/account'),
    action('/account/recovery-codes', 'proof', renewRecoveryCodes(deps), '/account'),
    page('/account/passkeys/new', 'proof', showNewPasskey(deps)),
    action('/account/passkeys', 'proof', addOwnPasskey(deps), '/account/passkeys/new'),
    action('/account/passkeys/remove', 'proof', removeOwnPasskey(deps), '/account'),
    action('/account/consents/revoke', 'session', revokeOwnConsent(deps), '/account'),
    page('/account/sessions', 'session', showSessions(deps)),
    action('/account/sessions/end', 'session', endOwnSession(deps), '/account/sessions'),
    action('/account/sessions/end-others', 'session', endOtherSessions(deps), '/account/sessions'),
    action('/account/devices/forget', 'session', forgetRememberedDevices(deps), '/account/sessions'),
    page('/account/history', 'session', showHistory(deps)),
  ]);
}

/** After a sign-in to the page that it was for; after a refusal to sign in never back to the sign-in page. */
const comeBack: RequestHandler = (req, res) => {
  if (req.query.error === undefined) return res.redirect(303, returnFromSignIn(req.query.state));
  res.redirect(303, signedIn(req) ? '/account' : `/?${new URLSearchParams({ error: 'access_denied' })}`);
};
