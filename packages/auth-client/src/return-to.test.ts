import { describe, expect, it } from 'vitest';
import { safeReturnTo } from './return-to.ts';

describe('safeReturnTo', () => {
  it.each(['/', '/claims', '/claims?open=1&to=https://other.example', '/claims#top', '/a/../b', '/%2F/x', '/ü'])(
    'R12 keeps %j as a browser would read it',
    (path) => {
      expect(safeReturnTo(path)).toBe(new URL(path, 'http://app.invalid').href.slice('http://app.invalid'.length));
    },
  );

  const unsafe = [
    [
      '//evil.example',
      '///evil.example',
      '/\\evil.example',
      '\\\\evil.example',
      '/\t/evil.example',
      '/\n/evil.example',
    ],
    ['https://evil.example', 'https:evil.example', 'javascript:alert(1)', 'claims', '', '/.//evil.example'],
    ['/x\r\nSet-Cookie:a=b', '/\u0000', `/${'x'.repeat(2048)}`, undefined, null, ['/a'], { a: '/' }],
  ].flat();
  it.each(unsafe)('S49 R12 refuses %j', (candidate) => {
    expect(safeReturnTo(candidate)).toBeUndefined();
  });
});
