import type { Texts } from './en.ts';
import account from './fr/account.json' with { type: 'json' };
import authenticator from './fr/authenticator.json' with { type: 'json' };
import common from './fr/common.json' with { type: 'json' };
import consent from './fr/consent.json' with { type: 'json' };
import device from './fr/device.json' with { type: 'json' };
import devices from './fr/devices.json' with { type: 'json' };
import email from './fr/email.json' with { type: 'json' };
import errors from './fr/errors.json' with { type: 'json' };
import history from './fr/history.json' with { type: 'json' };
import launcher from './fr/launcher.json' with { type: 'json' };
import letters from './fr/letters.json' with { type: 'json' };
import look from './fr/look.json' with { type: 'json' };
import mailbox from './fr/mailbox.json' with { type: 'json' };
import passkeys from './fr/passkeys.json' with { type: 'json' };
import password from './fr/password.json' with { type: 'json' };
import protocol from './fr/protocol.json' with { type: 'json' };
import secondFactor from './fr/second-factor.json' with { type: 'json' };
import sessions from './fr/sessions.json' with { type: 'json' };
import signIn from './fr/sign-in.json' with { type: 'json' };
import signOut from './fr/sign-out.json' with { type: 'json' };
import whyNot from './fr/why-not.json' with { type: 'json' };

export const fr: Texts = {
  account,
  authenticator,
  common,
  consent,
  device,
  devices,
  email,
  errors,
  history,
  launcher,
  letters,
  look,
  mailbox,
  passkeys,
  password,
  protocol,
  secondFactor,
  sessions,
  signIn,
  signOut,
  whyNot,
};
