import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { readCheckout } from '../checkout/read-checkout.ts';
import { planApp } from '../plan/plan-app.ts';
import { temporaryCheckout } from '../testing/temporary-checkout.ts';
import { tutorial, tutorialSteps, withChange } from './tutorial.ts';

const steps = tutorialSteps();

it('the tutorial’s changes fit the app that new-app makes, one after the other', { timeout: 60_000 }, async () => {
  const checkout = temporaryCheckout();
  onTestFinished(checkout.remove);
  const wishes = { name: 'grants', title: 'Grants', department: 'council' };
  const { create } = planApp(wishes, await readCheckout(checkout.root, 30_400));
  const files = new Map(create.map(({ path, content }) => [path, content.toString()]));
  const changes = steps.filter((step) => step.kind === 'change');
  for (const change of changes) files.set(change.file, withChange(files.get(change.file) ?? '', change));
  expect(new Set(changes.map(({ file }) => file)).size).toBe(5);
});

it('the tutorial’s commands exist', () => {
  const { scripts } = JSON.parse(readFileSync(join(import.meta.dirname, '../../../../package.json'), 'utf8'));
  const named = [...tutorial.matchAll(/(?:pnpm|npm) ([a-z][\w-]*)/g)].map(([, name = '']) => name);
  expect(named).toContain('new-app');
  for (const name of named) expect(Object.keys(scripts), name).toContain(name);
});

it('a change that does not fit, and a result that cannot be read, are errors', () => {
  const [change] = tutorialSteps('```diff a.ts\n-old\n+new\n```\n').filter((step) => step.kind === 'change');
  if (!change) return expect.fail('no change');
  expect(withChange('an old one', change)).toBe('an new one');
  expect(() => withChange('another', change)).toThrow('fits 0 places of a.ts');
  expect(() => withChange('old and old', change)).toThrow('fits 2 places');
  expect(() => tutorialSteps('- `ada` dances and sees **text**\n')).toThrow('cannot be read');
});
