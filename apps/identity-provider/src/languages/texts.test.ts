import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { en } from './en.ts';
import { fr } from './fr.ts';
import { languages, translator } from './translate.ts';

interface Tree {
  readonly [name: string]: string | Tree;
}

/** Every text with its dotted key. */
const textsOf = (tree: Tree, path = ''): [key: string, text: string][] =>
  Object.entries(tree).flatMap(([name, value]) =>
    typeof value === 'string' ? [[path + name, value] as [string, string]] : textsOf(value, `${path}${name}.`),
  );

const app = join(import.meta.dirname, '..');
const web = join(app, '..', '..', '..', 'packages', 'web');
const read = (folder: string, kind: RegExp) =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => kind.test(name) && !/\.test\.ts$|^testing/.test(name))
    .map((name) => ({ name, source: readFileSync(join(folder, name), 'utf8') }));

const views = [...read(app, /\.ejs$/), ...read(join(web, 'views'), /\.ejs$/)];
const modules = [...read(app, /\.ts$/), ...read(join(web, 'src'), /\.ts$/)];
const english = textsOf(en);
const french = textsOf(fr);
const baseOf = (key: string) => key.replace(/_(?:zero|one|two|few|many|other)$/, '');

describe('P47 every text of pages and letters', () => {
  it.each(Object.entries(languages))('is there in %s, with the same places to fill in', (tag, { texts }) => {
    const places = (text = '') => [...text.matchAll(/{{\w+}}/g)].map(String).sort().join();
    const own = new Map(textsOf(texts));
    expect(new Set([...own.keys()].map(baseOf))).toEqual(new Set(english.map(([key]) => baseOf(key))));
    const plural = new Intl.PluralRules(tag);
    for (const [key, text] of english) {
      const forms = key.endsWith('_other') ? [0, 1, 2, 5, 21, 100].map((count) => plural.select(count)) : [];
      const keys = forms.length > 0 ? forms.map((form) => `${baseOf(key)}_${form}`) : key.endsWith('_one') ? [] : [key];
      for (const each of keys) expect([each, places(own.get(each))]).toEqual([each, places(text)]);
    }
    for (const [key, text] of own) expect(text, key).toMatch(/\S/);
  });

  it('is used somewhere', () => {
    const sources = [...views, ...modules].map(({ source }) => source).join('\n');
    // `t(`password.faults.${fault}`)` stands for every text below `password.faults.`, `titleOf` for titles by status.
    const families = [...sources.matchAll(/[`']((?:\w+\.)+)\$\{/g)].map(([, family]) => String(family));
    const isUsed = (key: string) =>
      sources.includes(`'${key}'`) || families.some((family) => family !== 'look.' && key.startsWith(family));
    const unused = english.map(([key]) => baseOf(key)).filter((key) => !isUsed(key) && !/^look\.title\d/.test(key));
    expect(unused).toEqual([]);
  });

  it('that a view asks for exists', () => {
    const known = new Set(english.map(([key]) => baseOf(key)));
    const namespaces = Object.keys(en).join('|');
    const asked = views.flatMap(({ source }) => [
      ...source.matchAll(new RegExp(`'((?:${namespaces})\\.(?!js')[\\w.]+)'`, 'g')),
    ]);
    expect(asked.length).toBeGreaterThan(150);
    expect(asked.map(([, key]) => String(key)).filter((key) => !known.has(key))).toEqual([]);
  });

  it('is French where it is French: apostrophes, and spaces that do not break before : ; ? !', () => {
    for (const [key, text] of french) {
      expect(text, key).not.toMatch(/'|[ \u00A0][:;?!]|[^\s\u202F/'"s{][;?!](?!\w)/);
    }
    expect(fr.signIn.forgotten).toContain('\u202F?');
  });
});

describe('P47 no view and no module says anything by itself', () => {
  /** What a reader would see or hear of a view that is not filled in: text, and attributes that hold some. */
  const saidBy = (source: string) =>
    source
      .replace(/<%[\s\S]*?%>/g, '')
      .replace(/<[^>]*>/g, (tag) =>
        [...tag.matchAll(/\s(?:title|aria-label|aria-description|placeholder|alt|data-label)="([^"]*)"/g)]
          .map(([, value]) => value)
          .join(' '),
      )
      .replace(/&\w+;/g, '');
  /** Literals in the code of a view that look like words for people. */
  const literalsIn = (source: string) =>
    [...source.matchAll(/<%[\s\S]*?%>/g)].flatMap(([code]) =>
      [...code.matchAll(/\b(?:title|lede|label|hint|text|about):\s*['"`][^'"`]|['"`][A-Z][a-z]/g)].map(String),
    );

  it('in its markup or in its code', () => {
    expect(saidBy('<p title="Hallo"><%= name %></p>')).toMatch(/\p{L}{2}/u);
    expect(literalsIn("<%- include('x', { title: 'hallo' }) %>")).toHaveLength(1);
    for (const { name, source } of views) {
      expect(saidBy(source), name).not.toMatch(/\p{L}{2}/u);
      expect(literalsIn(source), name).toEqual([]);
    }
  });

  it('in its texts for people', () => {
    // Commands speak English to operators, and `api/` to scripts; `refusal` takes its texts from the files.
    const exempt = /^(?:(?:create-admin|manage-keys|person|person-options)\.ts|api\/.*|languages\/refusal\.ts)$/;
    const literals =
      /\b(?:title|lede|label|hint|notice|subject|form|code|login|password):\s*['"`][A-Z]\w*|new HttpError\(/g;
    // The name of the product is the same in every language.
    const saidIn = (source: string) => (source.match(literals) ?? []).filter((found) => !found.endsWith('Gatehouse'));
    expect(saidIn("render({ title: 'Sign in' })")).toEqual(["title: 'Sign"]);
    for (const { name, source } of read(app, /\.ts$/)) {
      if (!exempt.test(name)) expect(saidIn(source), name).toEqual([]);
    }
  });

  it('unescaped', () => {
    for (const { name, source } of views) {
      // What is written as markup is another view, or a text whose values are escaped.
      expect(source.replaceAll(/<%- (?:include|html)\(/g, ''), name).not.toContain('<%-');
      const withMarkup = /\bhtml\(([^{)]*)/g;
      const given = [...source.matchAll(withMarkup)].flatMap(([, keys]) => [...String(keys).matchAll(/'([\w.]+)'/g)]);
      for (const [, key] of given) expect(key, name).toMatch(/Html$/);
      expect(source.replaceAll(withMarkup, ''), name).not.toMatch(/Html'/);
    }
    for (const [key, text] of [...english, ...french]) {
      expect(/<\/?(?!strong>)[a-z]/.test(text), key).toBe(false);
      expect(text.includes('<strong>'), key).toBe(key.endsWith('Html'));
    }
  });
});

describe('P47 texts are filled in', () => {
  it('with the plural of their language', () => {
    expect(translator('en')('common.seconds', { count: 0 })).toBe('0 seconds');
    expect(translator('fr')('common.seconds', { count: 0 })).toBe('0 seconde');
    expect([1, 2].map((count) => translator('fr')('common.minutes', { count }))).toEqual(['1 minute', '2 minutes']);
  });

  it('S29 with values that stay what they are', () => {
    const name = '<b>$t(common.signIn) {{count}}</b>';
    expect(translator('fr')('launcher.signedInAs', { name, count: 1 })).toBe(`Session ouverte au nom de ${name}.`);
  });
});
