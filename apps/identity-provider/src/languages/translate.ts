import { createInstance, type TFunction } from 'i18next';
import { en, type Texts } from './en.ts';
import { fr } from './fr.ts';

declare module 'i18next' {
  interface CustomTypeOptions {
    resources: { translation: Texts };
    nsSeparator: false;
  }
}

/** The languages of pages and letters, each by its own name, with the locale that writes its dates and lists. */
export const languages = {
  en: { name: 'English', locale: 'en-GB', texts: en },
  fr: { name: 'Français', locale: 'fr-FR', texts: fr },
} as const satisfies Record<string, { name: string; locale: string; texts: Texts }>;

/** A primary language subtag (BCP 47). */
export type Language = keyof typeof languages;

export const languageTags = Object.keys(languages) as Language[];

/** The text of a key, filled in, in one language. A key that no text has does not compile. */
export type Translate = TFunction;

const texts = createInstance();
await texts.init({
  resources: Object.fromEntries(languageTags.map((tag) => [tag, { translation: languages[tag].texts }])),
  fallbackLng: 'en',
  nsSeparator: false,
  // Views escape what they write; for texts with markup see `html` in speak.ts.
  interpolation: { escapeValue: false },
});

export const translator = (language: Language): Translate => texts.getFixedT(language);

/** Makes something for each language, such as the schema of a form with its messages, once. */
export function inEachLanguage<Made>(make: (t: Translate) => Made): (t: Translate) => Made {
  const made = new WeakMap<Translate, Made>();
  return (t) => {
    const known = made.get(t) ?? make(t);
    made.set(t, known);
    return known;
  };
}
