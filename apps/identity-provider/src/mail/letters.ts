import { emailChangeMinutes, resetMinutes } from '@gatehouse/accounts';
import type { Message } from '@gatehouse/mail';
import type { Translate } from '../languages/translate.ts';

export interface Addressee {
  name: string;
  email: string;
}

const to = (t: Translate, { name, email }: Addressee) => ({
  to: { name, address: email },
  greeting: t('letters.greeting', { name }),
});

/** The address of a one-time link. It is made from the issuer alone, never from what a request says. */
const setPasswordUrl = (issuer: string, token: string) => `${issuer}/set-password?token=${token}`;

export const invitationLetter = (t: Translate, person: Addressee & { token: string }, issuer: string): Message => ({
  ...to(t, person),
  subject: t('letters.invitation.subject'),
  paragraphs: [t('letters.invitation.text')],
  action: { label: t('letters.invitation.action'), url: setPasswordUrl(issuer, person.token) },
});

export const resetLetter = (t: Translate, person: Addressee & { token: string }, issuer: string): Message => ({
  ...to(t, person),
  subject: t('letters.reset.subject'),
  paragraphs: [t('letters.reset.text', { count: resetMinutes }), t('letters.reset.notYou')],
  action: { label: t('letters.reset.action'), url: setPasswordUrl(issuer, person.token) },
});

export const confirmEmailLetter = (t: Translate, person: Addressee & { token: string }, issuer: string): Message => ({
  ...to(t, person),
  subject: t('email.letters.confirm.subject'),
  paragraphs: [t('email.letters.confirm.text', { count: emailChangeMinutes }), t('email.letters.confirm.notYou')],
  action: { label: t('email.letters.confirm.action'), url: `${issuer}/confirm-email?token=${person.token}` },
});

/** To whoever has the address already, who alone learns that somebody has. It names nobody. */
export const addressInUseLetter = (t: Translate, email: string, issuer: string): Message => ({
  to: { name: '', address: email },
  greeting: t('email.letters.inUse.greeting'),
  subject: t('email.letters.inUse.subject'),
  paragraphs: [t('email.letters.inUse.text')],
  action: { label: t('letters.notice.action'), url: `${issuer}/account` },
});

export interface Notice {
  /** What happened, as a sentence in the language of the letter. */
  what: string;
  device: string;
  address: string;
}

/** Tells somebody of a change to their account, so that one that was not theirs does not stay unnoticed. */
export const noticeLetter = (
  t: Translate,
  person: Addressee,
  { what, device, address }: Notice,
  issuer: string,
): Message => ({
  ...to(t, person),
  subject: t('letters.notice.subject'),
  paragraphs: [what, t('letters.notice.origin', { device, address }), t('letters.notice.notYou')],
  action: { label: t('letters.notice.action'), url: `${issuer}/account` },
});
