import type { ClaimScope } from '../protocol/index.ts';

interface ScopeText {
  title: string;
  /** What it means for the person, in a sentence. */
  text: string;
}

/** What each scope lets an app have, in words. */
export const scopeTexts: Record<ClaimScope | 'openid' | 'offline_access', ScopeText> = {
  openid: { title: 'That it is you', text: 'An identifier that stays the same at each sign-in and says nothing else.' },
  profile: { title: 'Your name', text: 'Your name, your login and the time zone of the organisation.' },
  email: { title: 'Your e-mail address', text: 'The address that the organisation has given you.' },
  phone: { title: 'Your telephone number', text: 'Your number at work.' },
  address: { title: 'Your postal address', text: 'Where you can be reached at work.' },
  org: {
    title: 'Your place in the organisation',
    text: 'Your departments, your designations, and the roles that you have in this app, in no other.',
  },
  offline_access: {
    title: 'To stay connected',
    text: 'It may read this again without asking you, also while you do not use it, until you sign out.',
  },
};
