import { check } from './commands/check.ts';
import {
  bench,
  cases,
  changePeople,
  createAdministrator,
  examineApps,
  manageClients,
  manageKeys,
  newApp,
  removeApp,
  tellOfOrganisation,
  updateApps,
} from './commands/delegate.ts';
import { reset } from './commands/reset.ts';
import { dev, start } from './commands/start.ts';
import { test, testLong } from './commands/test.ts';
import { disposeOnSignal } from './dispose-on-signal.ts';
import { describeError, UsageError } from './errors.ts';
import type { Invocation } from './invocation.ts';
import { loadSettings } from './settings.ts';

const commands: Record<string, (invocation: Invocation) => Promise<void>> = {
  start,
  dev,
  reset,
  check,
  test,
  'test:long': testLong,
  bench,
  cases,
  'admin:create': createAdministrator,
  client: manageClients,
  keys: manageKeys,
  org: tellOfOrganisation,
  person: changePeople,
  'new-app': newApp,
  'app-update': updateApps,
  'app-doctor': examineApps,
  'remove-app': removeApp,
};

const [name = '', ...args] = process.argv.slice(2);
const stopping = new AbortController();
const resources = new AsyncDisposableStack();
resources.defer(() => stopping.abort());
// To stop the organisation is how it ends; to stop anything else is to interrupt it.
disposeOnSignal(resources, ['start', 'dev'].includes(name) ? 0 : 130);

try {
  const command = commands[name];
  if (!command) throw new UsageError(name, Object.keys(commands));
  const settings = loadSettings(process.env);
  await command({ settings, args, tools: { root: settings.root, signal: stopping.signal }, resources });
} catch (error) {
  // What fails because a signal has ended it says nothing.
  if (!resources.disposed) {
    console.error(`\n${describeError(error)}`);
    process.exitCode = 1;
    await resources.disposeAsync();
  }
}
