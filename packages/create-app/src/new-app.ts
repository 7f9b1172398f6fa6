import { applyPlan } from './apply/apply-plan.ts';
import { installApp } from './apply/install-app.ts';
import { readCheckout } from './checkout/read-checkout.ts';
import { type AppWishes, type Plan, planApp } from './plan/plan-app.ts';
import { showPlan } from './show-plan.ts';

export interface NewAppOptions {
  wishes: AppWishes;
  root: string;
  /** Where the organisation's ports begin. */
  portBase: number;
  /** Only say what would be done. */
  dryRun: boolean;
  signal: AbortSignal;
  /** Takes a line for people. */
  say(line: string): void;
  /** Has the running organisation take the app in. Returns false when none runs. */
  join(name: string): Promise<boolean>;
}

export interface NewApp {
  plan: Plan;
  /** Whether it runs already, in an organisation that was running. */
  isRunning: boolean;
}

/**
 * Makes an app in the checkout: planned, written, installed, and taken in by a running organisation. When anything fails, or `signal` aborts, the checkout is
 * as it was.
 * @throws {CreateAppError}
 */
export async function newApp({ wishes, root, portBase, dryRun, signal, say, join }: NewAppOptions): Promise<NewApp> {
  const plan = planApp(wishes, await readCheckout(root, portBase));
  say(showPlan(plan, portBase));
  if (dryRun) {
    say('Nothing was changed: this is what would be done without --dry-run.');
    return { plan, isRunning: false };
  }
  const undo = applyPlan(plan, root);
  try {
    say('Installing what the app depends on, and generating its database client …');
    await installApp(root, plan.manifest.clientId, signal);
    return { plan, isRunning: await join(plan.manifest.clientId) };
  } catch (error) {
    undo();
    throw error;
  }
}
