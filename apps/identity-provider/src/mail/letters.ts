import { resetMinutes } from '@gatehouse/accounts';
import type { Message } from '@gatehouse/mail';

export interface Addressee {
  name: string;
  email: string;
}

const to = ({ name, email }: Addressee) => ({ name, address: email });

/** The address of a one-time link. It is made from the issuer alone, never from what a request says. */
const setPasswordUrl = (issuer: string, token: string) => `${issuer}/set-password?token=${token}`;

export const invitationLetter = (person: Addressee & { token: string }, issuer: string): Message => ({
  to: to(person),
  subject: 'Your account is ready',
  paragraphs: [
    'An account has been made for you. Choose a password within seven days by the link below, then sign in with it.',
  ],
  action: { label: 'Choose your password', url: setPasswordUrl(issuer, person.token) },
});

export const resetLetter = (person: Addressee & { token: string }, issuer: string): Message => ({
  to: to(person),
  subject: 'Choose a new password',
  paragraphs: [
    `Somebody, probably you, asked to choose a new password for your account. The link below works once, within ${resetMinutes} minutes.`,
    'If it was not you, do nothing: your password stays as it is.',
  ],
  action: { label: 'Choose a new password', url: setPasswordUrl(issuer, person.token) },
});

export interface Notice {
  /** What happened, as a sentence. */
  what: string;
  device: string;
  address: string;
}

/** Tells somebody of a change to their account, so that one that was not theirs does not stay unnoticed. */
export const noticeLetter = (person: Addressee, { what, device, address }: Notice, issuer: string): Message => ({
  to: to(person),
  subject: 'A change to your account',
  paragraphs: [
    what,
    `It was done in ${device}, from the network address ${address}.`,
    'If it was not you, choose a new password at once, which ends every session, and tell the service desk.',
  ],
  action: { label: 'Your account', url: `${issuer}/account` },
});
