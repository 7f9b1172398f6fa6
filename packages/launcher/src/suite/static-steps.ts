import type { ToolContext } from '../tools/run-tool.ts';
import { type StepResult, toolStep } from './step.ts';

const doctor = 'packages/create-app/src/app-doctor-main.ts';

/** What can be said of the code without running it, quickest first. */
export async function runStaticSteps(context: ToolContext): Promise<StepResult[]> {
  return [
    await toolStep('Format', context, 'biome', 'check', '.'),
    await toolStep('Lint and import rules', context, 'oxlint', '--type-aware', '--deny-warnings'),
    await toolStep('Unused code', context, 'knip'),
    // All packages as one program, which reads what they share once.
    await toolStep('Types', context, 'tsc', '--noEmit'),
    // Warns, and does not fail: an app may be behind for a while.
    await toolStep('Apps and their template', context, process.execPath, doctor, '--behind'),
  ];
}
