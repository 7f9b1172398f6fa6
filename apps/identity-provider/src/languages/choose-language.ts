import type { Request } from 'express';
import { readCookie } from '../read-cookie.ts';
import { type Language, languageTags } from './translate.ts';

/** Keeps what the person has chosen by the switch. */
export const languageCookie = (secure: boolean): string => (secure ? '__Host-language' : 'language');

/** Ours for a language tag such as `fr-CA`. */
export function languageNamed(tag: unknown): Language | undefined {
  const [primary] = String(tag ?? '')
    .toLowerCase()
    .split('-');
  return languageTags.find((language) => language === primary);
}

/**
 * The language to answer a request in: the person's own choice, then the app's wish, then what the browser asks for,
 * then English.
 *
 * @param uiLocales language tags in order of preference, separated by spaces (OpenID Connect Core 1.0 section 3.1.2.1);
 *   unknown ones ask for nothing
 */
export function languageFor(req: Request, uiLocales: unknown): Language {
  const chosen = languageNamed(readCookie(req, languageCookie(req.secure)));
  const wished = String(uiLocales ?? '')
    .split(' ')
    .map(languageNamed);
  return (
    chosen ??
    wished.find((language) => language !== undefined) ??
    languageNamed(req.acceptsLanguages(languageTags)) ??
    'en'
  );
}
