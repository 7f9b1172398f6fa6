import { dateFormats } from '@gatehouse/web';
import type { RequestHandler, Response } from 'express';
import type { ParseKeys } from 'i18next';
import { accountNavigation } from '../account/navigation.ts';
import { languageFor } from './choose-language.ts';
import { en } from './en.ts';
import { switchPath } from './switch.ts';
import { type Language, languages, languageTags, type Translate, translator } from './translate.ts';

/** Every page that is answered with from here on is in the language of its request. */
export const inLanguageOfRequest: RequestHandler = (req, res, next) => {
  speak(res, languageFor(req, req.query.ui_locales));
  next();
};

/** Answers in this language: views find `t`, `html`, the formats of dates and lists, and the way to other languages. */
export function speak(res: Response, language: Language): void {
  const { req } = res;
  res.vary('Accept-Language').vary('Cookie').set('content-language', language);
  Object.assign(res.locals, localsIn(language, res.app.locals.app.timeZone), {
    // The answer to a form has no address to come back to.
    languages: req.method === 'GET' ? others(language, req.originalUrl) : [],
  });
}

/** Says things to the person who gets this answer, in its language. */
export const translatorOf = (res: Response): Translate => (res.locals as { t: Translate }).t;

const others = (spoken: Language, page: string) =>
  languageTags
    .filter((tag) => tag !== spoken)
    .map((tag) => ({ tag, name: languages[tag].name, href: switchPath(tag, page) }));

const made = new Map<string, object>();

function localsIn(language: Language, timeZone: string): object {
  const key = `${language} ${timeZone}`;
  const known = made.get(key) ?? makeLocals(language, timeZone);
  made.set(key, known);
  return known;
}

function makeLocals(language: Language, timeZone: string): object {
  const t = translator(language);
  const { locale } = languages[language];
  const alternatives = new Intl.ListFormat(locale, { type: 'disjunction' });
  const sum = new Intl.ListFormat(locale, { type: 'conjunction' });
  // A text with markup; what is filled in is escaped.
  const html = (text: ParseKeys, values?: object) => t(text, { ...values, interpolation: { escapeValue: true } });
  return {
    language,
    t,
    html,
    ...dateFormats(timeZone, locale),
    anyOf: (words: readonly string[]) => alternatives.format(words),
    allOf: (words: readonly string[]) => sum.format(words),
    nav: accountNavigation(t),
    errorText: (code: string) =>
      Object.hasOwn(en.errors, code) ? t(`errors.${code as keyof typeof en.errors}`) : undefined,
  };
}
