import type { Invocation } from '../invocation.ts';
import { runStaticSteps } from '../suite/static-steps.ts';
import { conclude } from '../suite/step.ts';
import { generateClients } from '../tools/generate-clients.ts';

/** Format, lint, import rules, unused code and types. */
export async function check({ settings, tools }: Invocation): Promise<void> {
  await generateClients(tools, settings.local);
  conclude(await runStaticSteps(tools));
}
