import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { applyPlan } from './apply/apply-plan.ts';
import { readCheckout } from './checkout/read-checkout.ts';
import { planApp } from './plan/plan-app.ts';
import { applyRemoval, planRemoval } from './remove-app.ts';
import { type TemporaryCheckout, temporaryCheckout } from './testing/temporary-checkout.ts';

describe('removing an app', { timeout: 60_000 }, () => {
  let checkout: TemporaryCheckout;
  beforeAll(() => {
    checkout = temporaryCheckout();
  });
  afterAll(() => checkout.remove());

  it('leaves the checkout as it was before the app came, and keeps the folder', async () => {
    const { root } = checkout;
    applyPlan(planApp({ name: 'street-works' }, await readCheckout(root, 30_300)), root);
    expect(checkout.git('status', '--porcelain')).not.toBe('');
    const removal = await planRemoval(root, 'street-works');
    expect(removal).toMatchObject({ title: 'Street works', schema: 'street_works' });
    const kept = applyRemoval(removal, root, join(root, '.local'));
    expect(checkout.git('status', '--porcelain')).toBe('');
    expect(existsSync(join(kept, 'manifest.ts'))).toBe(true);
  });

  it.each([
    ['finance', 'was not made by new-app'],
    ['template', 'was not made by new-app'],
    ['not-there', 'There is no app'],
    ['../finance', 'There is no app'],
  ])('does not remove %s', async (name, reason) => {
    await expect(planRemoval(checkout.root, name)).rejects.toThrow(reason);
  });
});
