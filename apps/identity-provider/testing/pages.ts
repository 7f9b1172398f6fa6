import { demoPassword } from '@gatehouse/prisma/seed';
import type { Answer, Browser } from '@gatehouse/test-kit/browser';
import { load } from 'cheerio';

export const titleOf = (page: Answer): string => load(page.body)('h1').text();

/** The text of the page's main part, in one line. */
export const mainOf = (page: Answer): string => load(page.body)('main').text().replace(/\s+/g, ' ');

export const csrfOf = (page: Answer): string => String(load(page.body)('[name=_csrf]').first().val());

/** Sends the sign-in form of a page, by default with what lets Tomas Reyes in, and does not follow the answer. */
export const sendSignIn = (
  browser: Browser,
  page: Answer,
  fields: Record<string, string> = {},
  headers: Record<string, string> = {},
): Promise<Answer> =>
  browser.submit(
    `${page.url.split('?')[0]}/sign-in`,
    { _csrf: csrfOf(page), login: 'tomas.reyes', password: demoPassword, ...fields },
    { follow: false, headers },
  );

/** The address of a step of the interaction whose page this is. */
export const stepUrl = (page: Pick<Answer, 'url'>, step: string): string => `${page.url.split('?')[0]}/${step}`;
