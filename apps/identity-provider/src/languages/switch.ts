import { defineRoutes, type Route } from '@gatehouse/web';
import type { RequestHandler } from 'express';
import { languageCookie, languageNamed } from './choose-language.ts';
import { refusal } from './refusal.ts';
import type { Language } from './translate.ts';

const year = 365 * 24 * 60 * 60 * 1000;

/** Local path that makes a language the person's own choice in this browser, and leads back to the page. */
export const switchPath = (to: Language, page: string): string =>
  `/language?${new URLSearchParams({ to, return_to: page })}`;

/** The switch in the foot of pages. It changes nothing but how pages read, so a link will do. */
export function languageRoutes({ issuer }: { issuer: string }): readonly Route[] {
  const secure = issuer.startsWith('https:');
  const switchLanguage: RequestHandler = (req, res) => {
    const language = languageNamed(req.query.to);
    if (!language) throw refusal(404, 'not_found');
    res.cookie(languageCookie(secure), language, { httpOnly: true, sameSite: 'lax', secure, maxAge: year });
    res.redirect(303, pageOfOurs(issuer, req.query.return_to));
  };
  return defineRoutes<never>()([{ method: 'get', path: '/language', allow: 'public', handler: switchLanguage }]);
}

/** Whole, so that no path can be read as another host. */
function pageOfOurs(issuer: string, page: unknown): string {
  const address = URL.parse(String(page), issuer);
  return address?.origin === issuer ? address.href : `${issuer}/`;
}
