import { errorTexts, lookTexts } from '@gatehouse/web';
import account from './en/account.json' with { type: 'json' };
import authenticator from './en/authenticator.json' with { type: 'json' };
import common from './en/common.json' with { type: 'json' };
import consent from './en/consent.json' with { type: 'json' };
import device from './en/device.json' with { type: 'json' };
import devices from './en/devices.json' with { type: 'json' };
import email from './en/email.json' with { type: 'json' };
import errors from './en/errors.json' with { type: 'json' };
import history from './en/history.json' with { type: 'json' };
import launcher from './en/launcher.json' with { type: 'json' };
import letters from './en/letters.json' with { type: 'json' };
import mailbox from './en/mailbox.json' with { type: 'json' };
import passkeys from './en/passkeys.json' with { type: 'json' };
import password from './en/password.json' with { type: 'json' };
import protocol from './en/protocol.json' with { type: 'json' };
import secondFactor from './en/second-factor.json' with { type: 'json' };
import sessions from './en/sessions.json' with { type: 'json' };
import signIn from './en/sign-in.json' with { type: 'json' };
import signOut from './en/sign-out.json' with { type: 'json' };
import whyNot from './en/why-not.json' with { type: 'json' };

/** Every text of the identity provider's pages and letters. Other languages have the same. */
export const en = {
  account,
  authenticator,
  common,
  consent,
  device,
  devices,
  email,
  errors: { ...errorTexts, ...errors },
  history,
  launcher,
  letters,
  look: lookTexts,
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

export type Texts = typeof en;
