import { describe, expect, it } from 'vitest';
import { newAppArguments, removeAppArguments } from './arguments.ts';

describe('the arguments of new-app', () => {
  it('are a name and wishes', () => {
    expect(newAppArguments(['grants', '--title', 'Grants', '--department=finance', '--dry-run'])).toEqual({
      wishes: expect.objectContaining({ name: 'grants', title: 'Grants', department: 'finance' }),
      dryRun: true,
    });
    expect(newAppArguments(['grants'])).toEqual({ wishes: { name: 'grants', kind: 'page' }, dryRun: false });
  });

  it('may name a kind, one of those that there are', () => {
    expect(newAppArguments(['grants', '--kind', 'api']).wishes.kind).toBe('api');
    expect(() => newAppArguments(['grants', '--kind', 'robot'])).toThrow(/"robot".*page, api, job/);
  });

  it('may name a folder outside, and then nothing that only an app inside has', () => {
    expect(newAppArguments(['parks', '--outside', '../parks'])).toMatchObject({ outside: '../parks' });
    expect(() => newAppArguments(['parks', '--outside', '../parks', '--department', 'finance'])).toThrow(
      '--department',
    );
  });

  it.each([[[]], [['one', 'two']], [['grants', '--titel', 'Grants']], [['grants', '--title']]])(
    'are explained when they are %j',
    (args) => expect(() => newAppArguments(args)).toThrow(/pnpm new-app NAME/),
  );
});

it('the arguments of remove-app are a name and whether its data goes too', () => {
  expect(removeAppArguments(['grants'])).toEqual({ name: 'grants', dropData: false, dryRun: false });
  expect(removeAppArguments(['grants', '--drop-data'])).toMatchObject({ dropData: true });
  expect(() => removeAppArguments(['grants', '--title', 'x'])).toThrow(/pnpm remove-app NAME/);
});
