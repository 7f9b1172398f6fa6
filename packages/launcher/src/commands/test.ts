import type { Invocation } from '../invocation.ts';
import { longTests, runTests, shortTests } from '../suite/run-tests.ts';
import { runStaticSteps } from '../suite/static-steps.ts';
import { conclude } from '../suite/step.ts';
import { generateClients } from '../tools/generate-clients.ts';

/** The suite: the static checks, the tests of every package, and the journeys. */
export async function test({ settings, tools, resources }: Invocation): Promise<void> {
  await generateClients(tools, settings.local);
  const checks = await runStaticSteps(tools);
  const tests = await runTests(shortTests, settings, tools, resources);
  await resources.disposeAsync();
  conclude([...checks, ...tests]);
}

/** The tests that take too long for the suite. */
export async function testLong({ settings, tools, resources }: Invocation): Promise<void> {
  await generateClients(tools, settings.local);
  const tests = await runTests(longTests, settings, tools, resources);
  await resources.disposeAsync();
  conclude(tests);
}
