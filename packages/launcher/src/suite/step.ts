import { styleText } from 'node:util';
import { describeError } from '../errors.ts';
import { runTool, type ToolContext } from '../tools/run-tool.ts';
import { closingLine, oneFailed, onePassed, sum, type Tally } from './tally.ts';

export type StepResult = { title: string; tally: Tally };

/** Does the work of one step under a heading. A failure is shown and counted as one failed, and the suite goes on. */
export async function step(title: string, work: () => Promise<void>): Promise<StepResult> {
  console.log(styleText('bold', `\n▶ ${title}`));
  try {
    await work();
    return { title, tally: onePassed };
  } catch (error) {
    console.error(styleText('red', describeError(error)));
    return { title, tally: oneFailed };
  }
}

/** Runs one tool as a step. */
export function toolStep(title: string, context: ToolContext, tool: string, ...args: string[]): Promise<StepResult> {
  return step(title, () => runTool(tool, args, context));
}

/** Prints one line for each step, then the closing line; the process ends with code 1 if anything failed. */
export function conclude(results: StepResult[]): void {
  console.log('');
  for (const { title, tally } of results) {
    const mark = tally.failed ? styleText('red', '✗') : styleText('green', '✓');
    console.log(`${mark} ${title.padEnd(34)} ${styleText('dim', closingLine(tally))}`);
  }
  const total = sum(results.map((result) => result.tally));
  if (total.failed) process.exitCode = 1;
  console.log(closingLine(total));
}
