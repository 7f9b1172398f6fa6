import { describe, expect, it } from 'vitest';
import { normaliseEmail, normaliseLogin, parseEmail } from './identifiers.ts';

describe('a login', () => {
  it.each([
    ['spaces around and capitals', '  Tomas.REYES ', 'tomas.reyes'],
    ['the space that a telephone puts after a full stop', 'tomas. reyes', 'tomas.reyes'],
    ['no-break and ideographic spaces', '\u{a0}tomas.reyes\u{3000}', 'tomas.reyes'],
    ['full width', 'ｔｏｍａｓ．ｒｅｙｅｓ', 'tomas.reyes'],
    ['zero-width space, joiner and byte order mark', '\u{feff}tom\u{200b}as.\u{200d}reyes', 'tomas.reyes'],
    ['marks of direction', '\u{200e}tomas.reyes\u{202c}\u{2069}', 'tomas.reyes'],
    ['a soft hyphen and a variation selector', 'tomas\u{ad}.reyes\u{fe0f}', 'tomas.reyes'],
    ['line breaks and controls', 'tomas.reyes\r\n\u{7f}', 'tomas.reyes'],
    ['decomposed marks', 'Jose\u{301}.Nun\u{303}ez', 'josé.núñez'.replace('ú', 'u')],
    ['the Turkish capital', 'İlker.Işık', 'ilker.işık'],
    ['ligatures', 'ﬁona', 'fiona'],
  ])('C57 with %s is the login', (_, typed, login) => {
    expect(normaliseLogin(typed)).toBe(login);
    expect(normaliseLogin(login)).toBe(login);
  });

  it('C57 stays another one where a letter is another: a mark, another script', () => {
    expect(new Set(['jose', 'josé', 'jоse'].map(normaliseLogin)).size).toBe(3);
  });
});

describe('an e-mail address', () => {
  it.each([
    ['plain', ' Ada.Moreau@Harbour.Example ', 'ada.moreau@harbour.example'],
    ['full width', 'ada＠harbour．example', 'ada@harbour.example'],
    ['a domain of another script', 'ada@MÜNCHEN.example', 'ada@xn--mnchen-3ya.example'],
    ['the same in punycode', 'ada@XN--MNCHEN-3ya.example', 'ada@xn--mnchen-3ya.example'],
    ['a decomposed domain', 'ada@mu\u{308}nchen.example', 'ada@xn--mnchen-3ya.example'],
    ['an ideographic full stop', 'ada@例え。テスト', 'ada@xn--r8jz45g.xn--zckzah'],
    ['letters of another script before the @', 'Łukasz@poczta.example', 'łukasz@poczta.example'],
    ['an unseen character inside', 'ada\u{200b}@harbour.exam\u{ad}ple', 'ada@harbour.example'],
  ])('C57 that is %s has one spelling', (_, typed, email) => {
    expect(normaliseEmail(typed)).toBe(email);
    expect(parseEmail(typed)).toBe(email);
  });

  it.each([
    '',
    'ada',
    '@harbour.example',
    'ada@',
    'ada@harbour',
    'ada@127.0.0.1',
    'a@b@c.example',
    'ada..m@harbour.example',
    '"ada m"@harbour.example',
    'ada@-harbour.example',
    'ada@xn--.example…',
    `${'a'.repeat(65)}@harbour.example`,
    `${'é'.repeat(40)}@harbour.example`,
    'ada@<harbour.example>',
    'ada,grace@harbour.example',
  ])('C57 is none: %j', (typed) => {
    expect(parseEmail(typed)).toBeUndefined();
  });
});
