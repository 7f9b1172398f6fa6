import { join } from 'node:path';
import { superviseProcesses } from '../processes/supervise.ts';
import { appProcesses } from './app-processes.ts';
import { mailFolder } from './mail-folder.ts';
import type { OrganisationOptions } from './start-organisation.ts';
import type { StartContext } from './start-steps.ts';

/**
 * Starts every app and waits until each is ready; from then on an app that ends is reported and started again.
 * @param showWaiting told of the apps that are not ready yet, whenever another one is
 * @throws ProcessStartError
 */
export async function startApps(
  context: StartContext,
  { settings, watch = false, environment = {}, onEvent, resources }: OrganisationOptions,
  showWaiting: (names: string[]) => void,
): Promise<void> {
  const specs = appProcesses({ ...context, mailFolder: mailFolder(settings.local), watch, environment });
  const waiting = new Set(specs.map((spec) => spec.name));
  // A signal has come meanwhile: nothing that starts now would be stopped.
  if (resources.disposed) return;
  const supervisor = superviseProcesses(specs, {
    logDir: join(settings.local, 'log'),
    onStart: context.run.add,
    onEvent(event) {
      if (event.kind === 'ready' && waiting.delete(event.name)) showWaiting([...waiting]);
      else onEvent?.(event);
    },
  });
  context.supervisor = supervisor;
  resources.defer(() => supervisor.stop());
  await supervisor.ready;
}
