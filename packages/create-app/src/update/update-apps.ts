import { parseArgs } from 'node:util';
import { madeApps } from '../checkout/template-record.ts';
import { CreateAppError } from '../errors.ts';
import { showUpdate } from './show-update.ts';
import { updateApp } from './update-app.ts';

export interface UpdateWishes {
  /** None: every app that was made from the template. */
  names: string[];
  dryRun: boolean;
  resolved?: string | undefined;
}

const usage = `pnpm app-update [NAME …] [--dry-run]
pnpm app-update NAME --resolved COMMIT`;

/** @throws {CreateAppError} usage */
export function updateArguments(args: string[]): UpdateWishes {
  try {
    const options = { 'dry-run': { type: 'boolean', default: false }, resolved: { type: 'string' } } as const;
    const { values, positionals } = parseArgs({ args, allowPositionals: true, options });
    if (values.resolved !== undefined && positionals.length !== 1) {
      throw new Error('--resolved is said of one app, whose conflicts somebody has looked at.');
    }
    return { names: positionals, dryRun: values['dry-run'], resolved: values.resolved };
  } catch (cause) {
    throw new CreateAppError('usage', `${(cause as Error).message}\n\n${usage}`, { cause });
  }
}

/**
 * Updates one app after the other; one that cannot be updated does not keep the others from it.
 * @param say takes lines for people
 * @returns whether all were updated without a conflict, and whether one has to be installed
 */
export function updateApps(root: string, wishes: UpdateWishes, say: (lines: string) => void) {
  const { dryRun, resolved } = wishes;
  const names = wishes.names.length ? wishes.names : madeApps(root);
  if (names.length === 0) say('No app here was made from the template.');
  let isClean = true;
  let needsInstall = false;
  for (const name of names) {
    try {
      const update = updateApp({ root, name, dryRun, resolved });
      say(showUpdate(update));
      if (update.changes.some(({ outcome }) => outcome === 'conflict')) isClean = false;
      if (update.needsInstall) needsInstall = true;
    } catch (error) {
      if (!(error instanceof CreateAppError)) throw error;
      say(`\n${name}: not updated. ${error.message}`);
      isClean = false;
    }
  }
  if (dryRun) say('\nNothing was changed: this is what would be done without --dry-run.');
  return { isClean, needsInstall: needsInstall && !dryRun };
}
