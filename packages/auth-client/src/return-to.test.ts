import { describe, expect, it } from 'vitest';
import { safeReturnTo } from './return-to.ts';

describe('safeReturnTo', () => {
  it.each(['/', '/claims', '/claims?open=1&to=https://other.example', '/claims#top', '/a/../b', '/%2F/x', '/ü'])(
    'R12 keeps %j as a browser would send it',
    (path) => {
      expect(safeReturnTo(path)).toBe(path === '/ü' ? '/%C3%BC' : path);
    },
  );

  it.each([
    '/claims?path=C:\\new\\temp',
    '/a\\b?x',
    '/claims?a=%ff%00&b=%C3&c=|^`{}[]"<>',
    '/claims?next=//evil.example&at=https://evil.example/\\',
    '/a/%2e%2e/b;c=d?e=f#g',
    `/claims?filter=${'ab%20'.repeat(600)}`,
    `/${'x'.repeat(8191)}`,
  ])('C55 keeps %.60j byte for byte', (address) => {
    expect(safeReturnTo(address)).toBe(address);
  });

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
    ['/x\r\nSet-Cookie:a=b', '/\u0000', `/${'x'.repeat(8192)}`, undefined, null, ['/a'], { a: '/' }],
  ].flat();
  it.each(unsafe)('S49 R12 refuses %j', (candidate) => {
    expect(safeReturnTo(candidate)).toBeUndefined();
  });
});
