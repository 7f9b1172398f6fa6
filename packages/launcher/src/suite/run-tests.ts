import { join } from 'node:path';
import { startPostgres } from '../postgres/index.ts';
import type { Settings } from '../settings.ts';
import { runTool, type ToolContext } from '../tools/run-tool.ts';
import { requireBrowser } from './browser.ts';
import { offerPgBouncer } from './pgbouncer.ts';
import { forgetResults, readResults, type TestKind } from './results.ts';
import { type StepResult, step } from './step.ts';

const journeys = '@gatehouse/e2e';

export const shortTests: TestKind = { script: 'test', report: '.local/results.json' };
export const longTests: TestKind = { script: 'test:long', report: '.local/results-long.json' };

/**
 * Runs the tests of every package, then the journeys in a real browser. All packages share one PostgreSQL server, on
 * which each test file has a database of its own. One result for each package.
 */
export async function runTests(
  kind: TestKind,
  { root, local }: Settings,
  context: ToolContext,
  resources: AsyncDisposableStack,
): Promise<StepResult[]> {
  const server = await startPostgres({ dataDir: join(local, 'suite-postgres'), port: 0, durable: false });
  resources.defer(() => server.stop());
  const withDatabase = { ...context, env: { TEST_DATABASE_URL: server.ownerUrl } };

  await offerPgBouncer(context);
  forgetResults(root, kind);
  const tests = await step('Tests', () => turbo(kind, withDatabase, `--filter=!${journeys}`));
  const browsing = await step('Journeys in a real browser', async () => {
    const browser = await requireBrowser(context, process.env);
    const env = { ...withDatabase.env, CHROMIUM_PATH: browser };
    await turbo(kind, { ...context, env }, `--filter=${journeys}`);
  });

  const packages = readResults(root, kind).map(({ name, tally }) => ({ title: name, tally }));
  const isExplained = packages.some(({ tally }) => tally.failed > 0);
  return isExplained ? packages : [...[tests, browsing].filter(({ tally }) => tally.failed > 0), ...packages];
}

/**
 * Two packages at a time, each of which runs its files in two workers; of the long tests one, as they hold the
 * organisation to limits in seconds.
 */
function turbo(kind: TestKind, context: ToolContext, filter: string): Promise<void> {
  const concurrency = `--concurrency=${kind === longTests ? 1 : 2}`;
  const args = ['run', kind.script, filter, '--continue', concurrency, '--output-logs=new-only'];
  return runTool('turbo', args, context);
}
