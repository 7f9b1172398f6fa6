import ejs from 'ejs';

/**
 * Every word that the shared look says by itself, in English. An app that speaks other languages too puts a `t` and an
 * `html` of its own into `res.locals`, which know the same keys.
 */
export const lookTexts = {
  skip: 'Skip to main content',
  menus: 'Apps and account',
  apps: 'Apps',
  allMyApps: 'All my apps',
  searchApps: 'Search your apps',
  search: 'Search',
  rolesIn: 'In {{app}}: {{roles}}',
  yourAccount: 'Your account',
  signOut: 'Sign out',
  signIn: 'Sign in',
  breadcrumb: 'Breadcrumb',
  problem: 'There is a problem',
  error: 'Error:',
  optional: '(optional)',
  dayHint: 'Day, month and year, like 24 11 2026.',
  pages: 'Pages',
  previous: 'Previous',
  next: 'Next',
  pageOf: 'Page {{page}} of {{pages}}',
  needsRoleHtml: 'This needs the role <strong>{{role}}</strong> in {{app}}.',
  youHave: 'You have {{roles}}.',
  youHaveNone: 'You have no role here.',
  askForRole: 'Ask your manager or the service desk if your work needs it.',
  frontPage: 'Go to the front page of {{app}}',
  reference: 'Reference',
  language: 'Language',
  title400: 'That request was not understood',
  title401: 'Please sign in',
  title403: 'You cannot do that here',
  title404: 'Page not found',
  title405: 'That is not possible here',
  title409: 'Somebody was faster',
  title413: 'That is too large',
  title429: 'Too many attempts',
  title500: 'That did not work',
  title503: 'Not available just now',
};

/** What people are told of the errors that come from here, by their code. */
export const errorTexts = {
  not_found: 'There is no page at this address. Check it, or start again from the front page.',
  server_error: 'Something went wrong on our side. It has been recorded; please try again in a moment.',
  too_large: 'What you sent is larger than we can take.',
  invalid_request: 'We could not read that request.',
  unstorable_character: 'This has an invisible character that cannot be kept. Type it again without it.',
  too_many_requests: 'Very many requests come from your network. Wait a moment, then try again.',
  cross_site_request: 'This request came from another website, so nothing was changed.',
  csrf_token_wrong: 'This form is no longer valid, so nothing was changed. Go back, reload the page and send it again.',
};

export type LookText = (
  key: `look.${keyof typeof lookTexts}`,
  values?: Readonly<Record<string, string | number>>,
) => string;

const filledBy =
  (write: (value: string) => string): LookText =>
  (key, values = {}) =>
    lookTexts[key.slice('look.'.length) as keyof typeof lookTexts].replaceAll(/{{(\w+)}}/g, (_, name: string) =>
      write(String(values[name])),
    );

/** A text of the look, to be written with `<%= %>`. */
export const t = filledBy(String);

/** A text with markup, to be written with `<%- %>`: what is filled in is escaped. */
export const html = filledBy(ejs.escapeXML);
