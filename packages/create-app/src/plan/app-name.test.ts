import { describe, expect, it } from 'vitest';
import { requireAppName } from './app-name.ts';

const taken = new Set(['finance', 'web', 'prisma']);
const refusal = (name: string) => {
  try {
    return requireAppName(name, taken) && undefined;
  } catch (error) {
    return (error as Error).message;
  }
};

describe('the name of an app', () => {
  it.each(['grants', 'street-works', 'a', 'x2', 'r2-d2', 'a'.repeat(30)])('can be %s', (name) => {
    expect(requireAppName(name, taken)).toBe(name);
  });

  it.each([
    ['', 'lower-case letters'],
    ['Grants', 'lower-case letters'],
    ['grants_2', 'lower-case letters'],
    ['2fast', 'lower-case letters'],
    ['-x', 'lower-case letters'],
    ['--help', 'lower-case letters'],
    ['a--b', 'lower-case letters'],
    ['a-', 'lower-case letters'],
    ['../evil', 'lower-case letters'],
    ['/etc/passwd', 'lower-case letters'],
    ['a/b', 'lower-case letters'],
    ['.git', 'lower-case letters'],
    ['node_modules', 'lower-case letters'],
    ['gränts', 'lower-case letters'],
    ['grаnts', 'lower-case letters'],
    ['grants\n', 'lower-case letters'],
    ['grants\u200b', 'lower-case letters'],
    ['$(reboot)', 'lower-case letters'],
    ["x'; drop table", 'lower-case letters'],
    ['a'.repeat(31), '30 is the most'],
    ['finance', 'an app or a package'],
    ['web', 'an app or a package'],
    ['prisma', 'an app or a package'],
    ['console', 'the organisation itself'],
    ['identity-provider', 'the organisation itself'],
    ['launcher', 'the organisation itself'],
    ['template', 'the organisation itself'],
    ['e2e', 'the organisation itself'],
    ['public', 'the organisation itself'],
    ['directory', 'the organisation itself'],
    ['audit', 'the organisation itself'],
    ['app-sessions', 'the organisation itself'],
    ['pg-catalog', 'the organisation itself'],
    ['kind-department', 'the organisation itself'],
    ['owner', 'the organisation itself'],
    ['select', 'SQL reserves'],
    ['user', 'SQL reserves'],
  ])('cannot be %j', (name, reason) => expect(refusal(name)).toContain(reason));
});
