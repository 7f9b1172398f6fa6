import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Invocation } from '../invocation.ts';
import type { ProcessEvent } from '../processes/supervise.ts';
import { followLogs } from '../terminal/follow-logs.ts';
import { summary } from '../terminal/summary.ts';
import { generateClients } from '../tools/generate-clients.ts';

/** Starts the organisation and keeps it running until a signal ends this process. */
export function start(invocation: Invocation): Promise<void> {
  return run(invocation, { watch: false });
}

/** The same, restarting an app when one of its files changes, with every app's log in the terminal. */
export function dev(invocation: Invocation): Promise<void> {
  return run(invocation, { watch: true });
}

async function run({ settings, tools, resources }: Invocation, { watch }: { watch: boolean }): Promise<void> {
  await generateClients(tools, settings.local);
  // Loaded only now: it reaches the generated clients.
  const { startOrganisation } = await import('../organisation/start-organisation.ts');
  const logDir = join(settings.local, 'log');
  if (watch) {
    mkdirSync(logDir, { recursive: true });
    resources.use(followLogs(logDir, console.log));
  }
  const org = await startOrganisation({
    settings,
    watch,
    personas: true,
    resources,
    onEvent: (event) => console.log(describe(event, logDir)),
  });
  console.log(summary(org, Math.min(process.stdout.columns ?? 140, 160)));
}

function describe(event: ProcessEvent, logDir: string): string {
  if (event.kind === 'ready') return `${event.name} is ready again.`;
  const wait = event.restartInMs / 1000;
  return `${event.name} ${event.reason}; it starts again in ${wait} s. Its log: ${join(logDir, `${event.name}.log`)}`;
}
