import { applyPlan } from './apply/apply-plan.ts';
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
  /** Takes a line for people. */
  say(line: string): void;
  /** Makes the app runnable once it is written. */
  install(name: string): Promise<void>;
  organisation: Organisation;
}

/** The organisation that may be running from this checkout. */
export interface Organisation {
  /** Has it take the app in. Returns false when none runs. */
  join(name: string): Promise<boolean>;
  /** Has it forget the app: at once when it runs, otherwise at its next start. */
  leave(name: string): Promise<void>;
}

export interface NewApp {
  plan: Plan;
  /** Whether it runs already, in an organisation that was running. */
  isRunning: boolean;
  /** What the install took. */
  installSeconds: number;
}

/**
 * Makes an app in the checkout: planned, written, installed, and taken in by a running organisation. When anything
 * fails, the checkout and the organisation are as they were.
 * @throws {CreateAppError}
 */
export async function newApp(options: NewAppOptions): Promise<NewApp> {
  const { wishes, root, portBase, dryRun, say, install, organisation } = options;
  const plan = planApp(wishes, await readCheckout(root, portBase, wishes.kind));
  const name = plan.manifest.clientId;
  say(showPlan(plan, portBase));
  if (dryRun) {
    say('Nothing was changed: this is what would be done without --dry-run.');
    return { plan, isRunning: false, installSeconds: 0 };
  }
  const undo = applyPlan(plan, root);
  let isKnown = false;
  try {
    say('Installing what the app depends on, and generating its database client …');
    const begin = performance.now();
    await install(name);
    const installSeconds = (performance.now() - begin) / 1000;
    say('Joining the organisation, if it runs …');
    isKnown = true;
    return { plan, isRunning: await organisation.join(name), installSeconds };
  } catch (error) {
    undo();
    if (isKnown) await organisation.leave(name);
    throw error;
  }
}
