import { Listr } from 'listr2';
import type { ProcessEvent } from '../processes/supervise.ts';
import type { Settings } from '../settings.ts';
import { watchForChanges } from './announce-change.ts';
import type { Org } from './org-file.ts';
import { type StartContext, startSteps } from './start-steps.ts';
import { updateApps } from './update-apps.ts';

export type OrganisationOptions = {
  settings: Settings;
  /** Restart an app when one of its files changes. Default false. */
  watch?: boolean;
  /** Put a bar on every page by which a developer is somebody else in one click. Default false. */
  personas?: boolean;
  /** On top of every app's environment: `{ NODE_ENV: 'production' }` runs them as production does. */
  environment?: Record<string, string>;
  /** How progress is shown: `default` in the terminal (plain lines where there is none), or `silent`. */
  renderer?: 'default' | 'silent';
  /** Told when an app ends unexpectedly, and when it is back. */
  onEvent?: (event: ProcessEvent) => void;
  /** Takes what has to be stopped, also when starting fails halfway; the caller disposes of it. */
  resources: AsyncDisposableStack;
};

/**
 * Starts the whole organisation from this checkout: database, migrations, people, logins and every app. Resolves when
 * each app serves. Everything it makes is kept in `settings.local`, so that the next start continues with it.
 * @throws AlreadyRunningError, PortBusyError, PostgresError, ProcessStartError
 */
export async function startOrganisation(options: OrganisationOptions): Promise<Org> {
  const context = {} as StartContext;
  let failure: unknown;
  const tasks = startSteps(options).map(({ title, run }) => ({
    title,
    task: async (_: StartContext, task: { title: string; output: string }) => {
      try {
        await run(context, task);
      } catch (error) {
        failure = error;
        // The list marks the step; the caller shows the error in full.
        throw new Error('see below', { cause: error });
      }
    },
  }));
  const list = new Listr(tasks, { renderer: options.renderer ?? 'default', registerSignalListeners: false });
  await list.run().catch((error: unknown) => {
    throw failure ?? error;
  });
  const watching = watchForChanges(options.settings.local, () => updateApps(context, options));
  options.resources.use(watching);
  return context.org;
}
